"""The header every heap object starts with, and the end of an object's life.

Idea: dropping a long chain must not eat the stack, so only the outermost drop runs; an object whose last reference
goes meanwhile is put on a list threaded through the count words of the dead, and the outermost drop takes it from
there.

Contract: ``pyc_release_last`` is called once for each object, when its count falls to zero; the caller never touches
the object again. Plain, not atomic: one thread at a time drops.
"""

from __future__ import annotations

from typing import Final, Protocol

from runtime.lang import FunctionPointer, Ptr, export, i64, inline, object_address, object_from_address, struct, u64

IMMORTAL: Final = -1  # any negative count: never changed, never dropped


class DropFunction(FunctionPointer, Protocol):
    """Runs ``__drop__``, releases the fields, frees the block. Made by the compiler for each class."""

    def __call__(self, address: u64) -> None: ...


@struct
class ClassDescriptor:
    """What the compiler emits for each class; the table of methods follows (offset 56)."""

    drop: DropFunction
    base: u64  # descriptor of the base class, 0 = none
    name: u64  # str object, immortal
    instance_size: u64
    qualified_name: u64  # str object as tracebacks print it, immortal
    field_table: u64
    flags: u64


@struct
class ObjectHeader:
    count: i64
    descriptor: u64


_dropping: bool = False
_dead: u64 = 0  # objects waiting for their drop; the link is the count word


@inline
def _run_drop(address: u64) -> None:
    descriptor = Ptr[ObjectHeader](address)[0].descriptor
    Ptr[ClassDescriptor](descriptor)[0].drop(address)


@export("pyc_release_last")
def release_last(address: u64) -> None:
    global _dropping, _dead
    if _dropping:
        Ptr[u64](address)[0] = _dead
        _dead = address
        return
    _dropping = True
    _run_drop(address)
    while _dead != 0:
        following = _dead
        _dead = Ptr[u64](following)[0]
        _run_drop(following)
    _dropping = False


def descriptor_of(value: object) -> Ptr[ClassDescriptor]:
    return Ptr[ClassDescriptor](Ptr[ObjectHeader](object_address(value))[0].descriptor)


def class_name(value: object) -> str:
    """``type(value).__name__``."""
    return object_from_address(str, descriptor_of(value)[0].name)


def qualified_class_name(value: object) -> str:
    """The name a traceback shows: bare for built-in classes and ``__main__``, else with its module."""
    return object_from_address(str, descriptor_of(value)[0].qualified_name)
