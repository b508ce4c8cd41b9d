"""Addresses as distinct types."""

from __future__ import annotations
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class PhysicalAddress:
    def __init__(self, value: int) -> None:
        raise NotImplementedError

    @property
    def value(self) -> int:
        raise NotImplementedError

    def __add__(self, offset: int) -> PhysicalAddress:
        raise NotImplementedError

    @overload
    def __sub__(self, other: int) -> PhysicalAddress: ...
    @overload
    def __sub__(self, other: PhysicalAddress) -> int: ...
    def __sub__(self, other: object) -> object:
        raise NotImplementedError

    def __lt__(self, other: PhysicalAddress) -> bool:
        raise NotImplementedError

    def __le__(self, other: PhysicalAddress) -> bool:
        raise NotImplementedError

    def __gt__(self, other: PhysicalAddress) -> bool:
        raise NotImplementedError

    def __ge__(self, other: PhysicalAddress) -> bool:
        raise NotImplementedError


class VirtualAddress:
    def __init__(self, value: int) -> None:
        raise NotImplementedError

    @property
    def value(self) -> int:
        raise NotImplementedError

    def __add__(self, offset: int) -> VirtualAddress:
        raise NotImplementedError

    @overload
    def __sub__(self, other: int) -> VirtualAddress: ...
    @overload
    def __sub__(self, other: VirtualAddress) -> int: ...
    def __sub__(self, other: object) -> object:
        raise NotImplementedError

    def __lt__(self, other: VirtualAddress) -> bool:
        raise NotImplementedError

    def __le__(self, other: VirtualAddress) -> bool:
        raise NotImplementedError

    def __gt__(self, other: VirtualAddress) -> bool:
        raise NotImplementedError

    def __ge__(self, other: VirtualAddress) -> bool:
        raise NotImplementedError


class UserPtr(Generic[T]):
    def __init__(self, address: int) -> None:
        raise NotImplementedError

    @property
    def address(self) -> int:
        raise NotImplementedError
