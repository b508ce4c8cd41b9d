"""Markers: decorators that only the compiler acts on, and the words that stand for something only it can make.

On CPython a decorator leaves the function as it is. Naked functions and inline assembly have no meaning here and say
so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from runtime.host.errors import NotSimulated
from runtime.host.image import image
from runtime.lang.integers import u64

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)


def naked(function: F) -> F:
    """The body is one `assembly(...)`: no prologue, no epilogue."""
    return function


def interrupt(function: F) -> F:
    """Runs in interrupt context: implies no_raise, no_alloc and no_block."""
    return function


def no_raise(function: F) -> F:
    """No condition leaves this function; a defect panics in it."""
    return function


def no_alloc(function: F) -> F:
    """Neither this function nor what it calls allocates."""
    return function


def no_block(function: F) -> F:
    """Neither this function nor what it calls waits for another thread."""
    return function


def inline(function: F) -> F:
    """Put the body in place of every call."""
    return function


def no_inline(function: F) -> F:
    """Never put the body in place of a call."""
    return function


def microsoft_x64(function: F) -> F:
    """Called by the Microsoft x64 convention, as UEFI is (UEFI specification, 2.3.4)."""
    return function


def export(symbol: str) -> Callable[[F], F]:
    """Give the function exactly this symbol and keep it."""
    return _unchanged


def external(symbol: str) -> Callable[[F], F]:
    """The function's body is elsewhere in the image, under this symbol."""
    return _unchanged


def section(name: str) -> Callable[[F], F]:
    """Put the function into this section."""
    return _unchanged


def builtin_class(name: str) -> Callable[[C], C]:
    """The class implements the builtin type `name`."""
    return _unchanged


def _unchanged(marked: Any) -> Any:
    return marked


def assembly(text: str) -> NoReturn:
    """The body of a naked function, in Intel syntax."""
    raise NotSimulated("a naked function is assembly: it runs in compiled code only")


def inline_assembly(template: str, constraints: str, *operands: int) -> int:
    """An instruction sequence with one u64 result."""
    raise NotSimulated(f"inline assembly runs in compiled code only: {template!r}")


def inline_assembly_void(template: str, constraints: str, *operands: int) -> None:
    """An instruction sequence without a result."""
    raise NotSimulated(f"inline assembly runs in compiled code only: {template!r}")


def linker_symbol(name: str) -> int:
    """The address of a symbol that the linker defines, as a u64."""
    return u64(image.symbol(name))


def embedded_file(name: str) -> bytes:
    """The content of a file that `pyc build --embed name=path` put into the image."""
    return image.file(name)


def unreachable() -> NoReturn:
    """A place that is never reached; reaching it is undefined when compiled and reported here."""
    raise NotSimulated("unreachable code was reached")
