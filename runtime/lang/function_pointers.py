"""Typed function pointers: what firmware tables and hook slots hold.

A type is declared as `class Reset(FunctionPointer, Protocol)` with one `__call__`; its decorator sets the calling
convention. A struct field of such a type is eight bytes: it takes a function, and reading it gives a callable.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from runtime.host.functions import address_of_function, function_at
from runtime.lang.integers import u64
from runtime.lang.layout import AddressCodec


class FunctionReference:
    """What a field of a function type reads as: the function is looked up when called."""

    __slots__ = ("_address", "_type_name")

    def __init__(self, address: int, type_name: str) -> None:
        self._address = address
        self._type_name = type_name

    @property
    def address(self) -> int:
        """The address of the function."""
        return self._address

    def __call__(self, *arguments: Any) -> Any:
        return function_at(self._address)(*arguments)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FunctionReference) and self._address == other._address

    def __hash__(self) -> int:
        return hash(self._address)

    def __repr__(self) -> str:
        return f"{self._type_name}({self._address:#x})"


class FunctionPointer(Protocol):
    """Base of a declared function type."""

    if not TYPE_CHECKING:

        @classmethod
        def __memory_codec__(cls):
            return AddressCodec(cls.__name__, lambda address: FunctionReference(address, cls.__name__), _plain_address)


def _plain_address(function: Any) -> int:
    if isinstance(function, FunctionReference):
        return function.address
    if not callable(function):
        raise TypeError(f"{type(function).__name__} stored where a function pointer lives")
    return address_of_function(function)


def function_address(function: Callable[..., Any]) -> int:
    """The address of a function, as a u64."""
    return u64(_plain_address(function))
