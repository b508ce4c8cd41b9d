"""Slots whose state is checked: raw memory may not be read, living values may not be overwritten by a move.

Replaces ``Ptr`` and the slot functions in the list modules, so that their bodies run unchanged on CPython.
"""

from __future__ import annotations

from typing import Any

import pytest

from runtime.core import list_order, lists


class Raw:
    """The content of a slot that holds no value."""

    def __repr__(self) -> str:
        return "raw"


RAW = Raw()
NULL = 0


class Slots:
    """A pointer into one store of slots."""

    def __init__(self, store: list[Any] | None, offset: int) -> None:
        self.store = store
        self.offset = offset

    @property
    def address(self) -> Any:
        return self.store if self.store is not None else NULL

    def __add__(self, count: int) -> Slots:
        return Slots(self.store, self.offset + count)

    def __getitem__(self, index: int) -> Any:
        value = self.place()[self.offset + index]
        assert value is not RAW, "a raw slot was read"
        return value

    def __setitem__(self, index: int, value: Any) -> None:
        assert self.place()[self.offset + index] is not RAW, "assignment to a raw slot"
        self.place()[self.offset + index] = value

    def place(self) -> list[Any]:
        assert self.store is not None, "the null pointer was followed"
        return self.store


class SlotMachine:
    """Counts the stores that are still allocated."""

    def __init__(self) -> None:
        self.allocated = 0

    def slot_memory(self, count: int, _size: int) -> Any:
        if count == 0:
            return NULL
        self.allocated += 1
        return [RAW] * count

    def free_slots(self, store: Any) -> None:
        if store == NULL:
            return
        assert all(value is RAW for value in store), "a living slot was given back"
        self.allocated -= 1

    def install(self, patch: pytest.MonkeyPatch) -> None:
        for module in (lists, list_order):
            for name, replacement in {
                "Ptr": PointerClass(),
                "slot_memory": self.slot_memory,
                "free_slots": self.free_slots,
                "move_slots": move_slots,
                "copy_slots": copy_slots,
                "initialise_slot": initialise_slot,
                "take_slot": take_slot,
                "size_of": lambda _item: 8,
            }.items():
                patch.setattr(module, name, replacement, raising=False)


class PointerClass:
    """``Ptr[T](address)``: the address of a store is the store."""

    def __getitem__(self, _item: object) -> Any:
        return lambda address: Slots(address if address != NULL else None, 0)


def initialise_slot(pointer: Slots, index: int, value: Any) -> None:
    assert pointer.place()[pointer.offset + index] is RAW, "a living slot was overwritten"
    pointer.place()[pointer.offset + index] = value


def take_slot(pointer: Slots, index: int) -> Any:
    value = pointer[index]
    pointer.place()[pointer.offset + index] = RAW
    return value


def move_slots(destination: Slots, source: Slots, count: int) -> None:
    if count <= 0:
        return
    values = [take_slot(source, index) for index in range(count)]
    for index, value in enumerate(values):
        initialise_slot(destination, index, value)


def copy_slots(destination: Slots, source: Slots, count: int) -> None:
    for index in range(count):
        initialise_slot(destination, index, source[index])
