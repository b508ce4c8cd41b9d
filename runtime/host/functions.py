"""Addresses of Python functions: what a function pointer holds on CPython.

Each function that is given an address keeps it; a call through the address calls the function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from runtime.host.errors import BadFunctionPointer

FIRST_CODE_ADDRESS: Final = 0x7E00_0000_0000
CODE_DISTANCE: Final = 16  # compiled functions are aligned to 16 bytes

_addresses: Final[dict[Callable[..., Any], int]] = {}
_functions: Final[dict[int, Callable[..., Any]]] = {}


def address_of_function(function: Callable[..., Any]) -> int:
    """The address of `function`, the same one each time."""
    address = _addresses.get(function)
    if address is None:
        address = FIRST_CODE_ADDRESS + CODE_DISTANCE * len(_addresses)
        _addresses[function] = address
        _functions[address] = function
    return address


def function_at(address: int) -> Callable[..., Any]:
    """The function that lives at `address`."""
    function = _functions.get(address)
    if function is None:
        raise BadFunctionPointer(f"call of {address:#x}, where no function lives")
    return function
