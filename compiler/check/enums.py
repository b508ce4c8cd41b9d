"""Declares enumerations: members in order with constant int or str values, `auto()`, aliases."""

from __future__ import annotations

from compiler.check.annotations import AnnotationReader
from compiler.check.declarations import FunctionInfo
from compiler.check.folding import fold_node
from compiler.check.signatures import declare_function
from compiler.check.world import ModuleScope, World
from compiler.syntax import tree
from compiler.type_system.kinds import EnumInfo


def declare_enum(world: World, scope: ModuleScope, info: EnumInfo) -> None:
    """Read the members and methods of an enumeration."""
    reader = AnnotationReader(world, scope)
    for statement in info.definition.body:
        match statement:
            case tree.Assign(targets=(tree.Name(identifier=name),), value=value):
                add_member(reader, info, name, value)
            case tree.FunctionDefinition():
                method = FunctionInfo(statement.name, scope.name, statement.name_span, statement, owner=info)
                declare_function(world, scope, method, ())
                info.methods[statement.name] = method
            case tree.ExpressionStatement(value=tree.Constant()) | tree.Pass():
                continue
            case _:
                reader.refuse(statement.span, "only members, methods and a docstring belong into an enumeration")


def add_member(reader: AnnotationReader, info: EnumInfo, name: str, value: tree.Expression) -> None:
    constant = member_value(reader, info, value)
    if constant is None:
        reader.refuse(value.span, "the value of a member is a constant int or str (all of one type)")
        return
    if constant in info.values:
        info.aliases[name] = info.values.index(constant)
        return
    info.members.append(name)
    info.values.append(constant)


def member_value(reader: AnnotationReader, info: EnumInfo, value: tree.Expression) -> int | str | None:
    if isinstance(value, tree.Call) and isinstance(value.function, tree.Name) and value.function.identifier == "auto":
        numbers = [v for v in info.values if isinstance(v, int)]
        return max(numbers, default=0) + 1
    constant = fold_node(reader, value)
    if isinstance(constant, bool) or not isinstance(constant, int | str):
        return None
    if info.values and type(info.values[0]) is not type(constant):
        return None
    if isinstance(constant, int) and not -(1 << 63) <= constant < 1 << 63:
        return None
    return constant
