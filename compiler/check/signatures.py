"""Reads the signature of a function or method: parameters, result, decorators, type parameters."""

from __future__ import annotations

from compiler.check.annotations import AnnotationReader
from compiler.check.declarations import FunctionInfo, MethodKind, ParameterInfo
from compiler.check.markers import read_function_decorators
from compiler.check.world import ModuleScope, World
from compiler.syntax import tree
from compiler.type_system.kinds import (
    ERROR,
    NONE,
    ArrayType,
    ClassInfo,
    ClassReferenceType,
    ClassType,
    EnumInfo,
    EnumType,
    FunctionType,
    OptionalType,
    PointerType,
    StructInfo,
    StructType,
    TableType,
    TupleType,
    Type,
    TypeVariable,
    contains_variable,
)


def declare_function(
    world: World, scope: ModuleScope, info: FunctionInfo, owner_variables: tuple[TypeVariable, ...]
) -> None:
    """Fill in the types of a declared function."""
    self_type = receiver_type(info)
    definition = info.definition
    own_variables = tuple(TypeVariable(p.name) for p in definition.type_parameters)
    reader = AnnotationReader(world, scope, owner_variables + own_variables, self_type)
    decoration = read_function_decorators(reader, definition)
    info.markers = decoration.markers
    info.is_abstract = decoration.is_abstract
    if info.owner is not None:
        info.kind = decoration.kind or MethodKind.METHOD
    refuse_variadics(reader, definition.parameters)
    info.parameters = read_parameters(reader, info, self_type)
    info.result = read_result(reader, info)
    info.type_parameters = own_variables or free_variables(info, owner_variables)


def receiver_type(info: FunctionInfo) -> Type | None:
    """The type of `self`, generic as declared."""
    match info.owner:
        case ClassInfo() as owner:
            return ClassType(owner, owner.type_parameters)
        case StructInfo() as owner:
            return StructType(owner)
        case EnumInfo() as owner:
            return EnumType(owner)
    return None


def refuse_variadics(reader: AnnotationReader, parameters: tree.Parameters) -> None:
    for parameter in (parameters.variadic, parameters.keyword_variadic):
        if parameter is not None:
            text = "`*args` and `**kwargs` are not part of the language yet"
            reader.world.sink.error("E0301", parameter.span, text, label="not supported")


def read_parameters(reader: AnnotationReader, info: FunctionInfo, self_type: Type | None) -> list[ParameterInfo]:
    parameters = info.definition.parameters
    made: list[ParameterInfo] = []
    groups = (
        (parameters.positional_only, True, False),
        (parameters.regular, False, False),
        (parameters.keyword_only, False, True),
    )
    for group, positional_only, keyword_only in groups:
        for parameter in group:
            kind = parameter_type(reader, info, parameter, self_type, is_first=not made)
            made.append(
                ParameterInfo(parameter.name, kind, parameter.span, parameter.default, positional_only, keyword_only)
            )
    return made


def parameter_type(
    reader: AnnotationReader, info: FunctionInfo, parameter: tree.Parameter, self_type: Type | None, *, is_first: bool
) -> Type:
    if is_first and self_type is not None and info.kind is not MethodKind.STATIC:
        return ClassReferenceType(self_type) if info.kind is MethodKind.CLASS else self_type
    if parameter.annotation is None:
        reader.world.sink.error(
            "E0303",
            parameter.span,
            f"the parameter `{parameter.name}` of `{info.name}` has no type",
            label="annotate it",
            suggestion=f"{parameter.name}: int",
        )
        return ERROR
    return reader.read(parameter.annotation)


def read_result(reader: AnnotationReader, info: FunctionInfo) -> Type:
    if info.definition.returns is not None:
        return reader.read(info.definition.returns)
    if info.name == "__init__":
        return NONE
    reader.world.sink.error(
        "E0304",
        info.span,
        f"`{info.name}` does not say what it returns",
        label="annotate the result",
        suggestion=f"def {info.name}(…) -> None:",
    )
    return ERROR


def free_variables(info: FunctionInfo, owner_variables: tuple[TypeVariable, ...]) -> tuple[TypeVariable, ...]:
    """The type variables (old style, by TypeVar) that the signature mentions and the class does not own, in order."""
    found: list[TypeVariable] = []
    for kind in [*(p.type for p in info.parameters), info.result or NONE]:
        collect_variables(kind, found)
    return tuple(variable for variable in found if variable not in owner_variables)


def collect_variables(kind: Type, found: list[TypeVariable]) -> None:
    if isinstance(kind, TypeVariable):
        if kind not in found:
            found.append(kind)
        return
    if not contains_variable(kind):
        return
    for part in components(kind):
        collect_variables(part, found)


def components(kind: Type) -> tuple[Type, ...]:
    """The types a type is made of."""
    match kind:
        case OptionalType(item) | PointerType(item) | ArrayType(item) | TableType(item) | ClassReferenceType(item):
            return (item,)
        case TupleType(items):
            return items
        case FunctionType(parameters, result):
            return (*parameters, result)
        case ClassType(_, arguments):
            return arguments
    return ()
