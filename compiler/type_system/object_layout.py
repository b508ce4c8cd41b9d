"""Where the fields of a class instance lie: header first, then the bases' fields, then the class's own, naturally
aligned.

offset 0   count       i64, negative: immortal offset 8   descriptor  address of the class descriptor offset 16
fields …
"""

from __future__ import annotations

from dataclasses import dataclass

from compiler.ir.types import Rep, size_and_alignment
from compiler.type_system.kinds import ClassInfo, ClassType, FieldInfo, Type, TypeVariable, substitute
from compiler.type_system.representation import representation

HEADER_SIZE = 16
COUNT_OFFSET = 0
DESCRIPTOR_OFFSET = 8

# Class descriptor (see docs/internals): drop, base, name, size, qualified name, field table, flags, then the vtable.
DROP_SLOT = 0
BASE_SLOT = 8
NAME_SLOT = 16
SIZE_SLOT = 24
QUALIFIED_NAME_SLOT = 32
FIELD_TABLE_SLOT = 40
FLAGS_SLOT = 48
VTABLE_START = 56

_CACHE: dict[ClassType, ObjectLayout] = {}


@dataclass(frozen=True, slots=True)
class PlacedField:
    """A field with its concrete type and place."""

    field: FieldInfo
    type: Type
    rep: Rep
    offset: int


@dataclass(frozen=True, slots=True)
class ObjectLayout:
    """All fields of a concrete class, bases first, and the size of the fixed part of an instance."""

    fields: tuple[PlacedField, ...]
    size: int

    def offset_of(self, field: FieldInfo) -> PlacedField:
        return next(placed for placed in self.fields if placed.field is field)


def object_layout(kind: ClassType) -> ObjectLayout:
    """The layout of a concrete class."""
    known = _CACHE.get(kind)
    if known is None:
        known = _CACHE[kind] = compute_layout(kind)
    return known


def compute_layout(kind: ClassType) -> ObjectLayout:
    base = concrete_base(kind)
    inherited = object_layout(base) if base is not None else ObjectLayout((), HEADER_SIZE)
    fields, offset = list(inherited.fields), inherited.size
    mapping = argument_mapping(kind)
    for field in kind.info.fields.values():
        concrete = substitute(field.type, mapping)
        rep = representation(concrete)
        size, alignment = size_and_alignment(rep)
        offset = (offset + alignment - 1) // alignment * alignment
        fields.append(PlacedField(field, concrete, rep, offset))
        offset += size
    return ObjectLayout(tuple(fields), (offset + 7) // 8 * 8)


def argument_mapping(kind: ClassType) -> dict[TypeVariable, Type]:
    return dict(zip(kind.info.type_parameters, kind.arguments, strict=False))


def concrete_base(kind: ClassType) -> ClassType | None:
    """The base class with this instance's type arguments filled in."""
    if kind.info.base is None:
        return None
    base = substitute(kind.info.base, argument_mapping(kind))
    assert isinstance(base, ClassType)
    return base


def find_field(info: ClassInfo, name: str) -> tuple[FieldInfo, ClassInfo] | None:
    """The field of this name in the class or a base, with the class that declares it."""
    for ancestor in info.ancestors():
        if name in ancestor.fields:
            return ancestor.fields[name], ancestor
    return None
