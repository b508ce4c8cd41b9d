"""CPython's built-in exception classes, the hierarchy exact.

Idea: an exception keeps its message as text from the start (the compiler passes ``str(x)`` and ``repr(x)`` of the one
argument; of several arguments the tuple's text and its inside), so that no tuple of arguments must live on.

Contract: ``BaseException(message, representation)``: (None, None) for no argument, (s, None) for one str, (str(x),
repr(x)) for another value, ("(1, 'a')", "1, 'a'") for several. ``__str__`` and ``__repr__`` are CPython's.
"""

from __future__ import annotations

from typing import Final

from runtime.core.line_builder import add_ascii, add_decimal, add_hexadecimal, add_text, take_line
from runtime.core.objects import class_name
from runtime.core.text_objects import text_data, text_length, text_unit
from runtime.core.text_units import read_unit
from runtime.lang import Ptr, builtin_class, inline, u8, u64

NO_NUMBER: Final = -1


@builtin_class("BaseException")
class BaseException_:
    _message: str | None
    _representation: str | None
    cause: BaseException_ | None
    context: BaseException_ | None
    suppress_context: bool

    def __init__(self, message: str | None = None, representation: str | None = None) -> None:
        self._message = message
        self._representation = representation
        self.cause = None
        self.context = None
        self.suppress_context = False

    def __str__(self) -> str:
        message = self._message
        return message if message is not None else ""

    def __repr__(self) -> str:
        return class_name(self) + "(" + self.arguments_text() + ")"

    def arguments_text(self) -> str:
        """What stands between the brackets of ``repr``."""
        representation = self._representation
        if representation is not None:
            return representation
        message = self._message
        return repr(message) if message is not None else ""


@builtin_class("SystemExit")
class SystemExit_(BaseException_):
    def exit_status(self) -> int:
        """The status for the parent: 0 for none, the number modulo 256, or 1 after a message."""
        representation = self._representation
        if representation is None:
            return 0 if self._message is None else 1
        status = _status_of(representation)
        return 1 if status == NO_NUMBER else status

    def shows_message(self) -> bool:
        """Whether the argument is no number: CPython prints it to stderr and leaves with 1."""
        representation = self._representation
        if representation is None:
            return self._message is not None
        return _status_of(representation) == NO_NUMBER

    @property
    def code(self) -> int:
        return self.exit_status()


def _status_of(text: str) -> int:
    """The status that the repr of None, a bool or an int stands for; ``NO_NUMBER`` for anything else.

    On raw units, because every program carries this function.
    """
    if text == "None" or text == "False":
        return 0
    if text == "True":
        return 1
    units = Ptr[u8](text_data(text))
    length = text_length(text)
    negative = units[0] == 45
    index = 1 if negative else 0
    status: u64 = 0
    if index == length or text_unit(text) != 1:
        return NO_NUMBER
    while index < length:
        if units[index] < 48 or units[index] > 57:
            return NO_NUMBER
        status = (status * 10 + u64(units[index]) - 48) & 0xFF
        index += 1
    return int((256 - status) & 0xFF if negative else status)


@builtin_class("KeyboardInterrupt")
class KeyboardInterrupt_(BaseException_):
    pass


@builtin_class("GeneratorExit")
class GeneratorExit_(BaseException_):
    pass


@builtin_class("Exception")
class Exception_(BaseException_):
    pass


@builtin_class("ArithmeticError")
class ArithmeticError_(Exception_):
    pass


@builtin_class("FloatingPointError")
class FloatingPointError_(ArithmeticError_):
    pass


@builtin_class("OverflowError")
class OverflowError_(ArithmeticError_):
    pass


@builtin_class("ZeroDivisionError")
class ZeroDivisionError_(ArithmeticError_):
    pass


@builtin_class("AssertionError")
class AssertionError_(Exception_):
    pass


@builtin_class("AttributeError")
class AttributeError_(Exception_):
    pass


@builtin_class("BufferError")
class BufferError_(Exception_):
    pass


@builtin_class("EOFError")
class EOFError_(Exception_):
    pass


@builtin_class("ImportError")
class ImportError_(Exception_):
    pass


@builtin_class("ModuleNotFoundError")
class ModuleNotFoundError_(ImportError_):
    pass


@builtin_class("LookupError")
class LookupError_(Exception_):
    pass


@builtin_class("KeyError")
class KeyError_(LookupError_):
    def __str__(self) -> str:
        """The repr of the key; several arguments show as their tuple."""
        message = self._message
        representation = self._representation
        if message is not None and representation is not None and message == "(" + representation + ")":
            return message
        return self.arguments_text()


@builtin_class("IndexError")
class IndexError_(LookupError_):
    pass


@builtin_class("MemoryError")
class MemoryError_(Exception_):
    pass


@builtin_class("NameError")
class NameError_(Exception_):
    pass


@builtin_class("UnboundLocalError")
class UnboundLocalError_(NameError_):
    pass


@builtin_class("ReferenceError")
class ReferenceError_(Exception_):
    pass


@builtin_class("RuntimeError")
class RuntimeError_(Exception_):
    pass


@builtin_class("NotImplementedError")
class NotImplementedError_(RuntimeError_):
    pass


@builtin_class("RecursionError")
class RecursionError_(RuntimeError_):
    pass


@builtin_class("StopIteration")
class StopIteration_(Exception_):
    pass


@builtin_class("StopAsyncIteration")
class StopAsyncIteration_(Exception_):
    pass


@builtin_class("SyntaxError")
class SyntaxError_(Exception_):
    pass


@builtin_class("IndentationError")
class IndentationError_(SyntaxError_):
    pass


@builtin_class("TabError")
class TabError_(IndentationError_):
    pass


@builtin_class("SystemError")
class SystemError_(Exception_):
    pass


@builtin_class("TypeError")
class TypeError_(Exception_):
    pass


@builtin_class("ValueError")
class ValueError_(Exception_):
    pass


@builtin_class("UnicodeError")
class UnicodeError_(ValueError_):
    pass


@builtin_class("Warning")
class Warning_(Exception_):
    pass


@builtin_class("DeprecationWarning")
class DeprecationWarning_(Warning_):
    pass


@builtin_class("PendingDeprecationWarning")
class PendingDeprecationWarning_(Warning_):
    pass


@builtin_class("RuntimeWarning")
class RuntimeWarning_(Warning_):
    pass


@builtin_class("SyntaxWarning")
class SyntaxWarning_(Warning_):
    pass


@builtin_class("UserWarning")
class UserWarning_(Warning_):
    pass


@builtin_class("FutureWarning")
class FutureWarning_(Warning_):
    pass


@builtin_class("ImportWarning")
class ImportWarning_(Warning_):
    pass


@builtin_class("UnicodeWarning")
class UnicodeWarning_(Warning_):
    pass


@builtin_class("BytesWarning")
class BytesWarning_(Warning_):
    pass


@builtin_class("ResourceWarning")
class ResourceWarning_(Warning_):
    pass


@builtin_class("EncodingWarning")
class EncodingWarning_(Warning_):
    pass


@builtin_class("UnicodeEncodeError")
class UnicodeEncodeError_(UnicodeError_):
    encoding: str
    object: str
    start: int
    end: int
    reason: str

    def __init__(self, encoding: str, object: str, start: int, end: int, reason: str) -> None:
        super().__init__(None, None)
        self.encoding = encoding
        self.object = object
        self.start = start
        self.end = end
        self.reason = reason

    def __str__(self) -> str:
        _add_codec(self.encoding)
        add_ascii("encode ")
        if self.end - self.start == 1:
            _add_character(self.object, self.start)
        else:
            add_ascii("characters")
        _add_place(self.start, self.end, self.reason)
        return take_line()

    def arguments_text(self) -> str:
        return f"{self.encoding!r}, {self.object!r}, {self.start}, {self.end}, {self.reason!r}"


@builtin_class("UnicodeDecodeError")
class UnicodeDecodeError_(UnicodeError_):
    encoding: str
    object: bytes
    start: int
    end: int
    reason: str

    def __init__(self, encoding: str, object: bytes, start: int, end: int, reason: str) -> None:
        super().__init__(None, None)
        self.encoding = encoding
        self.object = object
        self.start = start
        self.end = end
        self.reason = reason

    def __str__(self) -> str:
        _add_codec(self.encoding)
        add_ascii("decode byte")
        if self.end - self.start == 1:
            add_ascii(" 0x")
            add_hexadecimal(u64(self.object[self.start]), 2)
        else:
            add_ascii("s")
        _add_place(self.start, self.end, self.reason)
        return take_line()

    def arguments_text(self) -> str:
        return f"{self.encoding!r}, {self.object!r}, {self.start}, {self.end}, {self.reason!r}"


@builtin_class("UnicodeTranslateError")
class UnicodeTranslateError_(UnicodeError_):
    object: str
    start: int
    end: int
    reason: str

    def __init__(self, object: str, start: int, end: int, reason: str) -> None:
        super().__init__(None, None)
        self.object = object
        self.start = start
        self.end = end
        self.reason = reason

    def __str__(self) -> str:
        add_ascii("can't translate ")
        if self.end - self.start == 1:
            _add_character(self.object, self.start)
        else:
            add_ascii("characters")
        _add_place(self.start, self.end, self.reason)
        return take_line()

    def arguments_text(self) -> str:
        return f"{self.object!r}, {self.start}, {self.end}, {self.reason!r}"


def _add_place(start: int, end: int, reason: str) -> None:
    """Where it is and why: the end of every codec error's sentence."""
    add_ascii(" in position ")
    add_decimal(u64(start))
    if end - start != 1:
        add_ascii("-")
        add_decimal(u64(end - 1))
    add_ascii(": ")
    add_text(reason)


def _add_character(text: str, index: int) -> None:
    """A character by its number, as CPython's messages write it."""
    code = u64(read_unit(text_data(text), text_unit(text), index))
    add_ascii("character '\\")
    add_ascii("x" if code < 0x100 else "u" if code < 0x1_0000 else "U")
    add_hexadecimal(code, 2 if code < 0x100 else 4 if code < 0x1_0000 else 8)
    add_ascii("'")


def _add_codec(encoding: str) -> None:
    add_ascii("'")
    add_text(encoding)
    add_ascii("' codec can't ")


@builtin_class("OSError")
class OSError_(Exception_):
    errno: int
    strerror: str
    filename: str | None

    _ending: str  # of the text; made with the error, so that only who names files needs ``repr``

    @inline
    def __init__(self, errno: int, strerror: str, filename: str | None = None) -> None:
        super().__init__(None, None)
        self.errno = errno
        self.strerror = strerror
        self.filename = filename
        self._ending = "" if filename is None else ": " + repr(filename)

    def __str__(self) -> str:
        add_ascii("[Errno ")
        add_decimal(u64(self.errno))
        add_ascii("] ")
        add_text(self.strerror)
        add_text(self._ending)
        return take_line()

    def arguments_text(self) -> str:
        return str(self.errno) + ", " + repr(self.strerror)


@builtin_class("BlockingIOError")
class BlockingIOError_(OSError_):
    pass


@builtin_class("ChildProcessError")
class ChildProcessError_(OSError_):
    pass


@builtin_class("ConnectionError")
class ConnectionError_(OSError_):
    pass


@builtin_class("BrokenPipeError")
class BrokenPipeError_(ConnectionError_):
    pass


@builtin_class("ConnectionAbortedError")
class ConnectionAbortedError_(ConnectionError_):
    pass


@builtin_class("ConnectionRefusedError")
class ConnectionRefusedError_(ConnectionError_):
    pass


@builtin_class("ConnectionResetError")
class ConnectionResetError_(ConnectionError_):
    pass


@builtin_class("FileExistsError")
class FileExistsError_(OSError_):
    pass


@builtin_class("FileNotFoundError")
class FileNotFoundError_(OSError_):
    pass


@builtin_class("InterruptedError")
class InterruptedError_(OSError_):
    pass


@builtin_class("IsADirectoryError")
class IsADirectoryError_(OSError_):
    pass


@builtin_class("NotADirectoryError")
class NotADirectoryError_(OSError_):
    pass


@builtin_class("PermissionError")
class PermissionError_(OSError_):
    pass


@builtin_class("ProcessLookupError")
class ProcessLookupError_(OSError_):
    pass


@builtin_class("TimeoutError")
class TimeoutError_(OSError_):
    pass
