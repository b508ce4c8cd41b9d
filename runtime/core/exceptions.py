"""CPython's built-in exception classes, the hierarchy exact.

Idea: an exception keeps its message as text from the start (the compiler passes ``str(x)`` and ``repr(x)`` of the one
argument; of several arguments the tuple's text and its inside), so that no tuple of arguments must live on.

Contract: ``BaseException(message, representation)``: (None, None) for no argument, (s, None) for one str, (str(x),
repr(x)) for another value, ("(1, 'a')", "1, 'a'") for several. ``__str__`` and ``__repr__`` are CPython's.
"""

from __future__ import annotations

from runtime.core.objects import class_name
from runtime.lang import builtin_class


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
        """The status for the parent: 0 for none, the number, or 1 after a message."""
        representation = self._representation
        if representation is None:
            return 0 if self._message is None else 1
        if representation == "None" or representation == "False":
            return 0
        return _status_of(representation)

    def shows_message(self) -> bool:
        """Whether the argument is no number: CPython prints it to stderr and leaves with 1."""
        representation = self._representation
        if representation is None:
            return self._message is not None
        return representation != "None" and not _is_number(representation)

    @property
    def code(self) -> int:
        return self.exit_status()


def _is_number(text: str) -> bool:
    """Whether ``text`` is the repr of an int or a bool."""
    if text == "True" or text == "False":
        return True
    index = 1 if text.startswith("-") else 0
    if index == len(text):
        return False
    while index < len(text):
        if not "0" <= text[index] <= "9":
            return False
        index += 1
    return True


def _status_of(text: str) -> int:
    """The number in ``text`` modulo 256, as the parent sees it; 1 for anything else."""
    if not _is_number(text) or text == "True":
        return 1
    negative = text.startswith("-")
    status = 0
    index = 1 if negative else 0
    while index < len(text):
        status = (status * 10 + ord(text[index]) - 48) & 0xFF
        index += 1
    return (256 - status) & 0xFF if negative else status


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
        what = "characters"
        if self.end - self.start == 1:
            what = "character '" + _escaped(ord(self.object[self.start])) + "'"
        return _codec_message(self.encoding, "encode", what, self.start, self.end, self.reason)

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
        what = "bytes"
        if self.end - self.start == 1:
            what = "byte 0x" + _hexadecimal(self.object[self.start], 2)
        return _codec_message(self.encoding, "decode", what, self.start, self.end, self.reason)

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
        where = _place(self.start, self.end)
        if self.end - self.start != 1:
            return f"can't translate characters in {where}: {self.reason}"
        return f"can't translate character '{_escaped(ord(self.object[self.start]))}' in {where}: {self.reason}"

    def arguments_text(self) -> str:
        return f"{self.object!r}, {self.start}, {self.end}, {self.reason!r}"


def _place(start: int, end: int) -> str:
    if end - start == 1:
        return "position " + str(start)
    return "position " + str(start) + "-" + str(end - 1)


def _hexadecimal(code: int, width: int) -> str:
    """At least ``width`` digits; by hand, so that an exception does not pull the format mini-language in."""
    digits = hex(code)[2:]
    while len(digits) < width:
        digits = "0" + digits
    return digits


def _escaped(code: int) -> str:
    """A code point as CPython's messages write it."""
    if code < 0x100:
        return "\\x" + _hexadecimal(code, 2)
    return "\\u" + _hexadecimal(code, 4) if code < 0x1_0000 else "\\U" + _hexadecimal(code, 8)


def _codec_message(encoding: str, verb: str, what: str, start: int, end: int, reason: str) -> str:
    """The sentence that both codec errors say."""
    return "'" + encoding + "' codec can't " + verb + " " + what + " in " + _place(start, end) + ": " + reason


@builtin_class("OSError")
class OSError_(Exception_):
    errno: int
    strerror: str
    filename: str | None

    def __init__(self, errno: int, strerror: str, filename: str | None = None) -> None:
        super().__init__(None, None)
        self.errno = errno
        self.strerror = strerror
        self.filename = filename

    def __str__(self) -> str:
        text = "[Errno " + str(self.errno) + "] " + self.strerror
        filename = self.filename
        return text if filename is None else text + ": " + repr(filename)

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
