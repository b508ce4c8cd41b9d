"""An overriding method must be usable wherever the overridden one is: same parameters, same result.

A vtable slot has one signature, so only classes may vary, which are references all: a result may be a subclass, a
parameter a base class. Constructors, static methods and class methods are not called through an instance's class
and may differ.
"""

from __future__ import annotations

from compiler.check.declarations import FunctionInfo, MethodKind
from compiler.check.world import World
from compiler.diagnostics.diagnostic import Note
from compiler.diagnostics.span import Span
from compiler.type_system.kinds import (
    NONE,
    ClassInfo,
    ClassType,
    ErrorType,
    OptionalType,
    Type,
    substitute,
)
from compiler.type_system.object_layout import argument_mapping

NOT_OVERRIDING = frozenset({"__init__", "__post_init__"})


def check_overrides(world: World) -> None:
    """One diagnostic per method whose signature does not fit the one it overrides."""
    for module in world.modules.values():
        for symbol in module.symbols.values():
            if isinstance(symbol, ClassInfo) and symbol.module == module.name:
                check_class(world, symbol)


def check_class(world: World, info: ClassInfo) -> None:
    for name, method in info.methods.items():
        if name in NOT_OVERRIDING or method.kind in (MethodKind.STATIC, MethodKind.CLASS):
            continue
        for ancestor in info.ancestors()[1:]:
            if name in ancestor.fields:
                reason = f"`{name}` is a field of `{ancestor.name}` and a method here"
                report(world, method.span, reason, ancestor.fields[name].span)
                break
            if name in ancestor.methods:
                compare_methods(world, info, method, ancestor)
                break


def compare_methods(world: World, info: ClassInfo, method: FunctionInfo, ancestor: ClassInfo) -> None:
    """The first difference between a method and the one it overrides, as a diagnostic."""
    other = ancestor.methods[method.name]
    seen = world.as_ancestor(ClassType(info, info.type_parameters), ancestor)
    mapping = argument_mapping(seen)
    wanted = [substitute(p.type, mapping) for p in other.parameters[1:]]
    given = [p.type for p in method.parameters[1:]]
    where = f"the one of `{ancestor.name}`"
    if method.kind is not other.kind:
        report(
            world,
            method.span,
            f"`{method.name}` is a {kind_name(method)} here, and {where} a {kind_name(other)}",
            other.span,
        )
        return
    if len(given) != len(wanted):
        report(
            world,
            method.span,
            f"`{method.name}` takes {len(given)} argument(s), and {where} takes {len(wanted)}",
            other.span,
        )
        return
    for parameter, base_parameter, kind in zip(method.parameters[1:], other.parameters[1:], wanted, strict=True):
        if not stands_in(kind, parameter.type):
            text = f"`{method.name}` takes {parameter.type} for `{parameter.name}`, and {where} takes {kind}"
            report(world, parameter.span, text, base_parameter.span)
            return
    result = substitute(other.result or NONE, mapping)
    if not stands_in(method.result or NONE, result):
        report(world, method.span, f"`{method.name}` gives {method.result}, and {where} gives {result}", other.span)


def kind_name(method: FunctionInfo) -> str:
    return "property" if method.kind is MethodKind.PROPERTY else "method"


def stands_in(given: Type, wanted: Type) -> bool:
    """Whether a value of one type can be passed as the other without any conversion."""
    if given == wanted or isinstance(given, ErrorType) or isinstance(wanted, ErrorType):
        return True
    if isinstance(wanted, OptionalType) and isinstance(wanted.item, ClassType):
        return stands_in(given.item if isinstance(given, OptionalType) else given, wanted.item)
    if isinstance(given, ClassType) and isinstance(wanted, ClassType):
        return given.info.is_subclass_of(wanted.info) and (given.info is not wanted.info)
    return False


def report(world: World, span: Span, message: str, declared: Span) -> None:
    world.sink.error(
        "E0357", span, message, label="overrides another signature", notes=(Note("declared here", declared),)
    )
