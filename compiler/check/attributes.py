"""Attribute reads: fields, properties, enum members, module members, class variables, parts of pointers and arrays."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.conversions import convert, literal
from compiler.check.declarations import FunctionInfo, MethodKind, ModuleSymbol, VocabularySymbol
from compiler.check.field_types import settle_field
from compiler.check.methods import find_method, method_call
from compiler.check.names import read_symbol
from compiler.check.narrowing import narrowed_read, path_of
from compiler.check.scope import Scope, error_expression
from compiler.check.typed_tree import ConversionKind
from compiler.check.world import GlobalDeclaration
from compiler.diagnostics.suggest import closest
from compiler.syntax import tree
from compiler.type_system.kinds import (
    INT,
    U64,
    AddressType,
    ArrayType,
    ClassInfo,
    ClassReferenceType,
    ClassType,
    EnumInfo,
    EnumType,
    ErrorType,
    OptionalType,
    PointerType,
    StructInfo,
    StructType,
    Type,
    substitute,
)
from compiler.type_system.object_layout import argument_mapping, find_field


def static_target(scope: Scope, node: tree.Expression) -> object | None:
    """The module or class that an expression names, if it is not a value."""
    match node:
        case tree.Name(identifier=name):
            if name in scope.variables or scope.is_local(name):
                variable = scope.variables.get(name)
                is_class = variable is not None and isinstance(variable.type, ClassReferenceType)
                return class_of_reference(variable.type) if variable is not None and is_class else None
            symbol = scope.module.symbols.get(name)
            if symbol is None:
                return scope.world.builtin_classes.get(name)
            return symbol if is_static(symbol) else None
        case tree.Attribute(value=value, name=name):
            base = static_target(scope, value)
            member = member_of(scope, base, name) if isinstance(base, ModuleSymbol) else None
            return member if is_static(member) else None
        case tree.Subscript(value=value):
            base = static_target(scope, value)
            return base if isinstance(base, ClassInfo) else None
    return None


def class_of_reference(kind: Type) -> ClassInfo | None:
    if isinstance(kind, ClassReferenceType) and isinstance(kind.item, ClassType):
        return kind.item.info
    return None


def is_static(symbol: object) -> bool:
    return isinstance(symbol, ModuleSymbol | ClassInfo | EnumInfo | StructInfo)


def member_of(scope: Scope, module: ModuleSymbol, name: str) -> object | None:
    """A name of a module, or a submodule."""
    known = scope.world.modules.get(module.name)
    if known is not None and name in known.symbols:
        return known.symbols[name]
    if f"{module.name}.{name}" in scope.world.modules:
        return ModuleSymbol(f"{module.name}.{name}")
    if known is None:
        return VocabularySymbol(module.name, name)
    return None


def check_attribute(scope: Scope, node: tree.Attribute, expected: Type | None) -> typed.Expression:
    """`value.name` as a value."""
    target = static_target(scope, node.value)
    if target is not None:
        return static_attribute(scope, node, target)
    value = scope.check(node.value)
    return value_attribute(scope, node, value)


def static_attribute(scope: Scope, node: tree.Attribute, target: object) -> typed.Expression:
    match target:
        case ModuleSymbol():
            symbol = member_of(scope, target, node.name)
            if symbol is None:
                raise scope.fail("E0203", node.name_span, f"the module `{target.name}` has no `{node.name}`")
            return read_symbol(scope, symbol, node)  # type: ignore[arg-type]
        case EnumInfo():
            position = target.position(node.name)
            if position is not None:
                return typed.EnumMember(EnumType(target), node.span, position)
            hint = closest(node.name, [*target.members, *target.aliases])
            raise scope.fail("E0321", node.name_span, f"`{target.name}` has no member `{node.name}`", suggestion=hint)
        case ClassInfo():
            return class_attribute(scope, node, target)
    raise scope.fail("E0318", node.span, "this is not a value")


def class_attribute(scope: Scope, node: tree.Attribute, target: ClassInfo) -> typed.Expression:
    for ancestor in target.ancestors():
        found = ancestor.class_variables.get(node.name)
        if isinstance(found, GlobalDeclaration):
            return read_symbol(scope, found, node)
        if node.name in ancestor.methods:
            return static_method_value(scope, node, ancestor.methods[node.name])
    if node.name == "__name__":
        return literal(scope.world.string, node.span, target.display_name)
    raise scope.fail("E0321", node.name_span, f"the class `{target.display_name}` has no `{node.name}`")


def static_method_value(scope: Scope, node: tree.Attribute, info: FunctionInfo) -> typed.Expression:
    if info.kind is MethodKind.STATIC:
        return read_symbol(scope, info, node)
    raise scope.fail("E0317", node.span, "a method is only called, not used as a value yet")


def value_attribute(scope: Scope, node: tree.Attribute, value: typed.Expression) -> typed.Expression:
    """An attribute of a value whose type is known."""
    match value.type:
        case ErrorType():
            return error_expression(node.span)
        case ClassType():
            return instance_attribute(scope, node, value)
        case StructType(info):
            return struct_attribute(scope, node, value, info)
        case EnumType(enum):
            return enum_attribute(scope, node, value, enum)
        case PointerType() if node.name == "address":
            return convert(ConversionKind.POINTER_TO_INTEGER, value, U64)
        case AddressType() if node.name == "value":
            return convert(ConversionKind.ADDRESS_TO_INTEGER, value, U64)
        case ArrayType(item) if node.name == "pointer":
            return typed.ArrayPointer(PointerType(item), node.span, value)
        case OptionalType(item):
            raise scope.fail(
                "E0308",
                node.value.span,
                f"this may be None, which has no `{node.name}`",
                label=f"has type {value.type}",
                suggestion="test it with `is None` first",
            )
    raise scope.fail("E0310", node.name_span, f"{value.type} has no attribute `{node.name}`")


EXCEPTION_FIELDS = {"__cause__": "cause", "__context__": "context", "__suppress_context__": "suppress_context"}
"""Python's names of the fields of BaseException, and the runtime's."""


def instance_attribute(scope: Scope, node: tree.Attribute, value: typed.Expression) -> typed.Expression:
    assert isinstance(value.type, ClassType)
    stored = EXCEPTION_FIELDS.get(node.name, node.name) if scope.world.is_exception(value.type) else node.name
    found = find_field(value.type.info, stored)
    if found is not None:
        field, owner = found
        settle_field(scope, field, owner)
        place = scope.world.as_ancestor(value.type, owner)
        kind = substitute(field.type, argument_mapping(place))
        read = typed.FieldRead(kind, node.span, value, field, place)
        return narrowed_read(scope, read, path_of(scope, node))
    method = find_method(scope, value.type, node.name)
    if method is not None and method.kind is MethodKind.PROPERTY:
        instance = scope.world.instance(method, receiver=value.type)
        return method_call(scope, method, instance, value, [], node.span)
    for ancestor in value.type.info.ancestors():
        variable = ancestor.class_variables.get(node.name)
        if isinstance(variable, GlobalDeclaration):
            return read_symbol(scope, variable, node)
    if method is not None:
        raise scope.fail("E0317", node.name_span, "a bound method is only called, not used as a value yet")
    raise no_attribute(scope, node, value)


def no_attribute(scope: Scope, node: tree.Attribute, value: typed.Expression) -> Exception:
    assert isinstance(value.type, ClassType)
    names: list[str] = []
    for ancestor in value.type.info.ancestors():
        names.extend([*ancestor.fields, *ancestor.methods, *ancestor.class_variables])
    hint = closest(node.name, names)
    return scope.fail("E0310", node.name_span, f"{value.type} has no attribute `{node.name}`", suggestion=hint)


def struct_attribute(scope: Scope, node: tree.Attribute, value: typed.Expression, info: StructInfo) -> typed.Expression:
    field = info.fields.get(node.name)
    if field is not None and not field.is_padding:
        kind: Type = ArrayType(field.type) if field.length is not None else field.type
        return typed.StructFieldRead(kind, node.span, value, field)
    method = info.methods.get(node.name)
    if method is not None and method.kind is MethodKind.PROPERTY:
        return method_call(scope, method, scope.world.instance(method), value, [], node.span)
    hint = closest(node.name, [*info.fields, *info.methods])
    raise scope.fail("E0310", node.name_span, f"the struct {info.name} has no member `{node.name}`", suggestion=hint)


def enum_attribute(scope: Scope, node: tree.Attribute, value: typed.Expression, info: EnumInfo) -> typed.Expression:
    if node.name in ("value", "_value_"):
        kind: Type = INT if info.is_integer or (info.values and isinstance(info.values[0], int)) else scope.world.string
        return typed.EnumValue(kind, node.span, value)
    if node.name in ("name", "_name_"):
        return typed.EnumName(scope.world.string, node.span, value)
    method = info.methods.get(node.name)
    if method is not None and method.kind is MethodKind.PROPERTY:
        return method_call(scope, method, scope.world.instance(method), value, [], node.span)
    raise scope.fail("E0310", node.name_span, f"a member of {info.name} has no attribute `{node.name}`")
