"""The names that exist without an import: CPython 3.11's builtins and what every module and class body is given.

Being here means that a name is known, not that the compiler has it: the checker refuses what is not built yet. A table
rather than `vars(builtins)`, so that the answer does not depend on the Python that runs the compiler.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BUILTIN_NAMES: frozenset[str] = _names(
    """
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError
    BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError
    ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup
    False FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError
    ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError
    MemoryError ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError
    OverflowError PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ReferenceError
    ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError
    SystemExit TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError
    UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError
    __build_class__ __debug__ __import__
    abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex
    copyright credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals
    hasattr hash help hex id input int isinstance issubclass iter len license list locals map max memoryview min next
    object oct open ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum
    super tuple type vars zip
    """
)

# What CPython puts into a module's namespace before its body runs.
MODULE_ATTRIBUTES: frozenset[str] = _names(
    "__name__ __file__ __doc__ __package__ __spec__ __loader__ __path__ __builtins__ __annotations__ __cached__"
)

# What CPython puts into a class's namespace before its body runs, and the cell its methods may read.
CLASS_ATTRIBUTES: frozenset[str] = frozenset({"__module__", "__qualname__", "__class__", "__annotations__"})
