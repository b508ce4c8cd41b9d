"""Names of types and functions for the linker: what makes an instance's symbol unique. A noun that lowering shares."""

from __future__ import annotations

from compiler.check.declarations import FunctionInfo, MethodKind
from compiler.type_system.kinds import (
    ArrayType,
    ClassType,
    EnumType,
    FunctionType,
    OptionalType,
    PointerType,
    StructType,
    TableType,
    TupleType,
    Type,
)


def type_key(kind: Type) -> str:
    """A type's name that is unique in the program (classes with their module)."""
    match kind:
        case ClassType(info, arguments):
            inner = f"[{','.join(map(type_key, arguments))}]" if arguments else ""
            return (info.builtin_name or info.qualified_name) + inner
        case StructType(struct):
            return struct.qualified_name
        case EnumType(enum):
            return enum.qualified_name
    return composite_key(kind)


def composite_key(kind: Type) -> str:
    match kind:
        case OptionalType(item):
            return f"{type_key(item)}?"
        case PointerType(item, is_user):
            return f"{'UserPtr' if is_user else 'Ptr'}[{type_key(item)}]"
        case ArrayType(item):
            return f"Array[{type_key(item)}]"
        case TableType(item):
            return f"tuple[{type_key(item)},...]"
        case TupleType(items):
            return f"tuple[{','.join(map(type_key, items))}]"
        case FunctionType(parameters, result):
            return f"Callable[[{','.join(map(type_key, parameters))}],{type_key(result)}]"
    return str(kind)


def instance_symbol(info: FunctionInfo, arguments: tuple[Type, ...], receiver: Type | None) -> str:
    """The linker symbol of an instance; exported names are taken literally."""
    if info.markers.export is not None:
        return info.markers.export
    if info.markers.external is not None:
        return info.markers.external
    generic = f"[{','.join(map(type_key, arguments))}]" if arguments else ""
    if info.owner is None:
        return f"{info.module}.{info.name}{generic}"
    owner = info.owner.name
    if isinstance(receiver, ClassType) and receiver.arguments:
        owner += f"[{','.join(map(type_key, receiver.arguments))}]"
    suffix = ".setter" if info.kind is MethodKind.SETTER else ""
    return f"{info.module}.{owner}.{info.name}{generic}{suffix}"
