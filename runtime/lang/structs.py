"""Structs with C layout, for hardware, wire and ABI formats. They behave as `ctypes.Structure` does: a name refers to
storage, and assigning into an inline field copies.

The decorator keeps the class and turns each annotated field into a property over arena bytes. The layout is computed
when first needed, so a struct may point at classes that are defined after it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import get_annotations
from operator import index as as_index
from typing import Any, TypeVar, dataclass_transform, get_type_hints, overload

from runtime.host.arenas import Arena, Block, memory
from runtime.lang.arrays import Array
from runtime.lang.layout import Codec, codec_of
from runtime.lang.pointers import Ptr, pointer_class
from runtime.lang.struct_fields import (
    ArrayField,
    BitField,
    FieldSpecifier,
    PlainField,
    array_field,
    bits,
    padding,
    struct_field,
)
from runtime.lang.struct_layout import BITS_PER_BYTE, FieldKind, FieldPlace, FieldShape, StructPlan, plan_struct
from runtime.lang.widths import FixedWidth

__all__ = [
    "array_field",
    "bits",
    "offset_of",
    "padding",
    "pointer_to",
    "struct",
    "struct_field",
    "zeroed",
]

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Declaration:
    """What the decorator saw: enough to compute the layout later."""

    packed: bool
    align: int
    local_names: dict[str, Any]
    specifiers: dict[str, FieldSpecifier]
    layout: StructCodec | None = None
    in_progress: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its type and shape; `count` is items, bits or bytes as the kind says."""

    name: str
    kind: FieldKind
    annotation: Any
    count: int
    shape: FieldShape


class StructCodec(Codec):
    """Layout of a struct class; its loaded value is a reference to the storage, storing copies the bytes."""

    __slots__ = ("cls", "fields", "plan")

    def __init__(self, cls: type[Any], fields: tuple[Field, ...], plan: StructPlan) -> None:
        self.cls = cls
        self.fields = fields
        self.plan = plan
        super().__init__(cls.__name__, plan.size, plan.align)

    def load(self, arena: Arena, offset: int, owner: object) -> Any:
        return _reference(self.cls, arena, offset, owner)

    def store(self, arena: Arena, offset: int, value: Any) -> None:
        if not isinstance(value, self.cls):
            raise TypeError(f"{type(value).__name__} stored where {self.name} lives")
        arena.write(offset, value._struct_arena.read(value._struct_offset, self.size))

    def place(self, name: str) -> FieldPlace:
        """Where the field `name` lies."""
        for field, place in zip(self.fields, self.plan.places, strict=True):
            if field.name == name and field.kind is not FieldKind.PADDING:
                return place
        raise TypeError(f"{self.name} has no field {name!r}")


class UnplannedField:
    """Stands for every field until the first use of one, which computes the layout and puts the real property here."""

    __slots__ = ("_cls", "_name")

    def __init__(self, cls: type, name: str) -> None:
        self._cls = cls
        self._name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        _layout_of(self._cls)
        return getattr(instance, self._name)

    def __set__(self, instance: Any, value: Any) -> None:
        _layout_of(self._cls)
        setattr(instance, self._name, value)


@overload
def struct(cls: type[T], /) -> type[T]: ...
@overload
def struct(*, packed: bool = ..., align: int = ...) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(eq_default=False, field_specifiers=(array_field, struct_field, bits, padding))
def struct(cls: type[Any] | None = None, /, *, packed: bool = False, align: int = 0) -> Any:
    """Class decorator: the annotated fields get C layout. `align` is a power of two and at least this many bytes."""
    alignment = as_index(align)
    if alignment < 0 or alignment & (alignment - 1):
        raise ValueError(f"an alignment is a power of two, not {alignment}")
    local_names = sys._getframe(1).f_locals
    if cls is not None:
        return _declare(cls, packed, alignment, local_names)
    return lambda decorated: _declare(decorated, packed, alignment, local_names)


def _declare(cls: type, packed: bool, align: int, local_names: dict[str, Any]) -> type:
    names = [name for name, text in get_annotations(cls).items() if not _is_class_variable(text)]
    specifiers = {name: _specifier(name, cls.__dict__.get(name)) for name in names}
    declaration = Declaration(packed, align, local_names if "<locals>" in cls.__qualname__ else {}, specifiers)
    members: dict[str, Any] = {name: UnplannedField(cls, name) for name in names}
    members |= {"_struct_declaration": declaration, "__init__": _initialise, "__eq__": _same_storage}
    members |= {"__hash__": _storage_hash, "__memory_codec__": classmethod(_layout_of)}
    if "__repr__" not in cls.__dict__:
        members["__repr__"] = _represent
    for name, member in members.items():
        setattr(cls, name, member)
    return cls


def _specifier(name: str, value: object) -> FieldSpecifier:
    if value is None:
        return FieldSpecifier(FieldKind.PLAIN, 1)
    if not isinstance(value, FieldSpecifier):
        raise TypeError(
            f"{name}: a struct field has no default: array_field, struct_field, bits and padding describe it"
        )
    return value


def _is_class_variable(annotation: object) -> bool:
    text = annotation if isinstance(annotation, str) else str(annotation)
    return text.removeprefix("typing.").startswith(("ClassVar", "Final"))


def _layout_of(cls: type) -> StructCodec:
    declaration = _declaration_of(cls)
    if declaration.layout is None:
        with _once_at_a_time(cls, declaration):
            declaration.layout = _make_layout(cls, declaration)
        declaration.local_names = {}  # they would keep everything alive that the defining function had
    return declaration.layout


@contextmanager
def _once_at_a_time(cls: type, declaration: Declaration) -> Iterator[None]:
    if declaration.in_progress:
        raise TypeError(f"{cls.__name__} contains itself: only a pointer to it has a size")
    declaration.in_progress = True
    try:
        yield
    finally:
        declaration.in_progress = False


def _declaration_of(cls: type) -> Declaration:
    declaration = cls.__dict__.get("_struct_declaration")
    if not isinstance(declaration, Declaration):
        raise TypeError(f"{getattr(cls, '__name__', cls)} is no @struct class")
    return declaration


def _make_layout(cls: type, declaration: Declaration) -> StructCodec:
    hints = get_type_hints(cls, localns=declaration.local_names | {cls.__name__: cls})
    fields = tuple(_field(name, hints[name], specifier) for name, specifier in _specifiers(cls).items())
    plan = plan_struct([field.shape for field in fields], declaration.packed, declaration.align)
    codec = StructCodec(cls, fields, plan)
    for field, place in zip(fields, plan.places, strict=True):
        setattr(cls, field.name, _property(field, place))
    return codec


def _specifiers(cls: type) -> dict[str, FieldSpecifier]:
    """Fields of the bases first, each with the right side of its declaration."""
    found: dict[str, FieldSpecifier] = {}
    for base in reversed(cls.__mro__):
        declaration = base.__dict__.get("_struct_declaration")
        if isinstance(declaration, Declaration):
            found |= declaration.specifiers
    return found


def _field(name: str, annotation: Any, specifier: FieldSpecifier) -> Field:
    return Field(name, specifier.kind, annotation, specifier.count, _shape(name, annotation, specifier))


def _shape(name: str, annotation: Any, specifier: FieldSpecifier) -> FieldShape:
    kind, count = specifier.kind, specifier.count
    if kind is FieldKind.PADDING:
        return FieldShape(name, kind, count, 1)
    if kind is FieldKind.ARRAY:
        if not (isinstance(annotation, type) and issubclass(annotation, Array)):
            raise TypeError(f"{name}: array_field() needs the annotation Array[T]")
        item = codec_of(annotation._array_item)
        return FieldShape(name, kind, item.size * count, item.align)
    codec = codec_of(annotation)
    _check_kind(name, annotation, codec, specifier)
    return FieldShape(name, kind, codec.size, codec.align, count if kind is FieldKind.BITS else 0)


def _check_kind(name: str, annotation: Any, codec: Codec, specifier: FieldSpecifier) -> None:
    inline = isinstance(codec, StructCodec)
    if specifier.kind is FieldKind.STRUCT and not inline:
        raise TypeError(f"{name}: struct_field() needs a @struct class as annotation")
    if specifier.kind is FieldKind.PLAIN and inline:
        raise TypeError(f"{name}: an inline struct is declared by struct_field()")
    if specifier.kind is not FieldKind.BITS:
        return
    if not issubclass(annotation, FixedWidth | bool):
        raise TypeError(f"{name}: a bit field is of a width or of bool")
    limit = 1 if annotation is bool else codec.size * BITS_PER_BYTE
    if specifier.count > limit:
        raise ValueError(f"{name}: {specifier.count} bits do not fit {codec.name}")


def _property(field: Field, place: FieldPlace) -> Any:
    match field.kind:
        case FieldKind.PADDING:
            return property(doc="Padding: neither read nor written.")
        case FieldKind.ARRAY:
            return ArrayField(field.annotation._array_item, field.count, place)
        case FieldKind.BITS:
            return BitField(field.annotation, field.count, place)
        case _:
            return PlainField(codec_of(field.annotation), place)


def _reference(cls: type, arena: Arena, offset: int, owner: object) -> Any:
    made: Any = object.__new__(cls)
    made._struct_arena = arena
    made._struct_offset = offset
    made._struct_owner = owner
    return made


def _place_new(instance: Any, codec: StructCodec) -> None:
    arena = memory.allocate(codec.size, codec.align, codec.name)
    instance._struct_arena = arena
    instance._struct_offset = 0
    instance._struct_owner = Block(arena)


def _initialise(self: Any, *arguments: Any, **named: Any) -> None:
    codec = _layout_of(type(self))
    fields = [field for field in codec.fields if field.kind in (FieldKind.PLAIN, FieldKind.BITS)]
    if len(arguments) > len(fields):
        raise TypeError(f"{codec.name}() takes {len(fields)} values but {len(arguments)} were given")
    values = {field.name: argument for field, argument in zip(fields, arguments, strict=False)}
    for name in named:
        if name in values or name not in {field.name for field in fields}:
            raise TypeError(f"{codec.name}() got an unexpected or repeated argument {name!r}")
    values |= named
    missing = [field.name for field in fields if field.name not in values]
    if missing:
        raise TypeError(f"{codec.name}() misses {', '.join(missing)}")
    _place_new(self, codec)
    for name, value in values.items():
        setattr(self, name, value)


def _same_storage(self: Any, other: object) -> bool:
    return type(other) is type(self) and _storage_address(self) == _storage_address(other)


def _storage_hash(self: Any) -> int:
    return hash(_storage_address(self))


def _storage_address(instance: Any) -> int:
    address: int = instance._struct_arena.base + instance._struct_offset
    return address


def _represent(self: Any) -> str:
    names = [field.name for field in _layout_of(type(self)).fields if field.kind is not FieldKind.PADDING]
    return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"


def zeroed(item: type[T]) -> T:
    """A new struct with every byte 0."""
    codec = _layout_of(item)
    instance: Any = object.__new__(item)
    _place_new(instance, codec)
    made: T = instance
    return made


def pointer_to(value: T) -> Ptr[T]:
    """The address of a struct's storage. It does not keep the struct alive."""
    _declaration_of(type(value))
    return pointer_class(type(value))(_storage_address(value))


def offset_of(item: type[object], field: str) -> int:
    """The bytes before a field; of a bit field, before the unit that holds it."""
    return _layout_of(item).place(field).offset
