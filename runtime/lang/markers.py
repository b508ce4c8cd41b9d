"""Markers."""

from __future__ import annotations
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)


def naked(function: F) -> F:
    return function


def interrupt(function: F) -> F:
    return function


def no_raise(function: F) -> F:
    return function


def no_alloc(function: F) -> F:
    return function


def no_block(function: F) -> F:
    return function


def inline(function: F) -> F:
    return function


def no_inline(function: F) -> F:
    return function


def microsoft_x64(function: F) -> F:
    return function


def export(symbol: str) -> Callable[[F], F]:
    return lambda function: function


def builtin_class(name: str) -> Callable[[C], C]:
    return lambda cls: cls


def external(symbol: str) -> Callable[[F], F]:
    return lambda function: function


def section(name: str) -> Callable[[F], F]:
    return lambda function: function


def assembly(text: str) -> NoReturn:
    raise NotImplementedError


def inline_assembly(template: str, constraints: str, *operands: int) -> int:
    raise NotImplementedError


def inline_assembly_void(template: str, constraints: str, *operands: int) -> None:
    raise NotImplementedError


def linker_symbol(name: str) -> int:
    raise NotImplementedError


def embedded_file(name: str) -> bytes:
    raise NotImplementedError


def unreachable() -> NoReturn:
    raise NotImplementedError
