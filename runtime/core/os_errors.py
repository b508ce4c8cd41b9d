"""From an error number to the exception that CPython raises for it (PEP 3151), with the C library's text.

Contract: any positive number is taken; one without a text of its own reads ``Unknown error N``.
"""

from __future__ import annotations

from runtime.core.error_numbers import error_text


def os_error(number: int, filename: str | None = None) -> OSError:
    """The exception for a failed system call."""
    return os_error_with_text(number, error_text(number), filename)


def os_error_with_text(number: int, text: str, filename: str | None = None) -> OSError:
    """``OSError(number, text, filename)``, whose class depends on the number."""
    match number:
        case 1 | 13:
            return PermissionError(number, text, filename)
        case 2:
            return FileNotFoundError(number, text, filename)
        case 3:
            return ProcessLookupError(number, text, filename)
        case 4:
            return InterruptedError(number, text, filename)
        case 10:
            return ChildProcessError(number, text, filename)
        case 11 | 114 | 115:
            return BlockingIOError(number, text, filename)
        case 17:
            return FileExistsError(number, text, filename)
        case 20:
            return NotADirectoryError(number, text, filename)
        case 21:
            return IsADirectoryError(number, text, filename)
        case 110:
            return TimeoutError(number, text, filename)
        case _:
            return _connection_error(number, text, filename)


def _connection_error(number: int, text: str, filename: str | None) -> OSError:
    match number:
        case 32 | 108:
            return BrokenPipeError(number, text, filename)
        case 103:
            return ConnectionAbortedError(number, text, filename)
        case 104:
            return ConnectionResetError(number, text, filename)
        case 111:
            return ConnectionRefusedError(number, text, filename)
        case _:
            return OSError(number, text, filename)
