"""Checks the body of one function instance: parameters into scope, statements, the end of the function, naked
bodies."""

from __future__ import annotations

import re

from compiler.check import typed_tree as typed
from compiler.check.annotations import AnnotationReader
from compiler.check.declarations import ConstantSymbol, FunctionInfo, GlobalSymbol
from compiler.check.empty_lists import CheckAgain, report_pending
from compiler.check.folding import fold_node
from compiler.check.methods import call_method, has_method
from compiler.check.names import settle_global
from compiler.check.scope import Rules, Scope
from compiler.check.world import GlobalDeclaration, World, type_mapping
from compiler.diagnostics.diagnostic import Note
from compiler.syntax import tree
from compiler.type_system.kinds import (
    NEVER,
    ClassInfo,
    ClassType,
    ErrorType,
    NoneType,
    OptionalType,
    substitute,
)
from compiler.type_system.object_layout import argument_mapping


def ensure_checked(world: World, rules: Rules, instance: typed.FunctionInstance) -> bool:
    """Check an instance now if nobody did; False while it is being checked further up."""
    if instance.is_checked:
        return instance not in world.in_progress
    instance.is_checked = True
    world.in_progress.add(instance)
    try:
        while not is_body_settled(world, rules, instance):
            continue
    finally:
        world.in_progress.discard(instance)
    return True


def is_body_settled(world: World, rules: Rules, instance: typed.FunctionInstance) -> bool:
    """Check the body; False when it must be checked again because a type was found late (each time one more is
    known)."""
    try:
        check_body(world, rules, instance)
    except CheckAgain:
        return False
    return True


def check_body(world: World, rules: Rules, instance: typed.FunctionInstance) -> None:
    """Fill in `body` and `locals`."""
    info = instance.info
    module = world.modules[info.module]
    mapping = type_mapping(info, instance.type_arguments, instance.receiver)
    owner = info.owner if isinstance(info.owner, ClassInfo) else None
    names = local_names(world, info)
    scope = Scope(world, module, rules, instance=instance, local_names=names, type_variables=mapping, owner=owner)
    for parameter in instance.parameters:
        scope.variables[parameter.name] = parameter
    if info.synthesised == "dataclass_init":
        synthesise_assignments(scope, instance)
    elif info.markers.naked:
        instance.naked_text = naked_text(scope, info)
        return
    elif info.markers.external is None:
        instance.body = scope.check_block(info.definition.body)
        report_pending(scope)
        finish_body(scope, instance)
    instance.locals = scope.all_variables


def local_names(world: World, info: FunctionInfo) -> frozenset[str]:
    scopes = world.scopes.get(info.module)
    if scopes is None or info.definition not in scopes.by_node:
        return frozenset()
    return frozenset(scopes.by_node[info.definition].locals)


def finish_body(scope: Scope, instance: typed.FunctionInstance) -> None:
    """Falling off the end returns None; anything else is refused."""
    info = instance.info
    if not scope.reachable:
        return
    if instance.result == NEVER:
        if not info.is_abstract and not is_stub(info.definition):
            instance.body.append(typed.Unreachable(info.span))
        return
    if isinstance(instance.result, NoneType | ErrorType) or info.is_abstract or is_stub(info.definition):
        return
    if isinstance(instance.result, OptionalType):
        none = typed.Literal(instance.result, info.span, None)
        instance.body.append(
            typed.Return(
                info.span, typed.Convert(instance.result, info.span, typed.ConversionKind.NONE_TO_OPTIONAL, none)
            )
        )
        return
    returns = info.definition.returns
    notes = (Note(f"declared to return {instance.result}", returns.span),) if returns is not None else ()
    scope.error("E0356", info.span, f"`{info.name}` can end without returning a value", notes=notes)


def is_stub(definition: tree.FunctionDefinition) -> bool:
    """A body of a docstring and `...` only."""
    rest = [
        s
        for s in definition.body
        if not (isinstance(s, tree.ExpressionStatement) and isinstance(s.value, tree.Constant))
    ]
    return not rest


def synthesise_assignments(scope: Scope, instance: typed.FunctionInstance) -> None:
    """A dataclass constructor: every field from its parameter, then `__post_init__`."""
    receiver = instance.receiver
    assert isinstance(receiver, ClassType)
    self_variable = instance.parameters[0]
    span = instance.info.span
    by_name = {parameter.name: parameter for parameter in instance.parameters[1:]}
    read = typed.LocalRead(receiver, span, self_variable)
    with scope.collecting() as statements:
        for ancestor in reversed(receiver.info.ancestors()):
            place = scope.world.as_ancestor(receiver, ancestor)
            for field in ancestor.fields.values():
                kind = substitute(field.type, argument_mapping(place))
                value = typed.LocalRead(kind, span, by_name[field.name])
                scope.emit(typed.AssignField(span, read, field, place, value))
        if has_method(scope, receiver, "__post_init__"):
            scope.emit(typed.Evaluate(span, call_method(scope, read, "__post_init__", [], span)))
    instance.body = statements


# --- naked functions ------------------------------------------------------------------------------------------------

PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z_0-9.]*)\}")


def naked_text(scope: Scope, info: FunctionInfo) -> str:
    """The assembly text with `{name}` replaced by symbols and constants."""
    body = [
        s
        for s in info.definition.body
        if not (isinstance(s, tree.ExpressionStatement) and isinstance(s.value, tree.Constant))
    ]
    match body:
        case [
            tree.ExpressionStatement(value=tree.Call(function=tree.Name(identifier="assembly"), arguments=(argument,)))
        ]:
            text = fold_node(AnnotationReader(scope.world, scope.module), argument)
            if isinstance(text, str):
                return PLACEHOLDER.sub(lambda found: placeholder(scope, found.group(1), argument), text)
    scope.error("E0338", info.span, f'the body of the naked function `{info.name}` is one `assembly("…")`')
    return ""


def placeholder(scope: Scope, name: str, node: tree.Expression) -> str:
    """A function's or variable's symbol, or a constant's value."""
    reader = AnnotationReader(scope.world, scope.module)
    expression = dotted(name, node)
    symbol = reader.resolve_dotted(expression)
    if isinstance(symbol, FunctionInfo):
        return quoted(scope.world.instance(symbol).symbol)
    if isinstance(symbol, GlobalDeclaration):
        value = fold_node(reader, expression)
        if isinstance(value, int):
            return str(value)
        return global_symbol(scope, symbol, node)
    scope.error("E0338", node.span, f"`{{{name}}}` names no function, variable or constant")
    return "0"


def dotted(name: str, node: tree.Expression) -> tree.Expression:
    first, *rest = name.split(".")
    expression: tree.Expression = tree.Name(node.span, first)
    for part in rest:
        expression = tree.Attribute(node.span, expression, part)
    return expression


def global_symbol(scope: Scope, declaration: GlobalDeclaration, node: tree.Expression) -> str:
    settled = settle_global(scope, declaration, node.span)
    if (
        isinstance(settled, ConstantSymbol)
        and isinstance(settled.value, typed.Literal)
        and isinstance(settled.value.value, int)
    ):
        return str(settled.value.value)
    if isinstance(settled, GlobalSymbol):
        scope.world.used_globals.setdefault(settled.variable.symbol, settled.variable)
        return quoted(settled.variable.symbol)
    scope.error("E0338", node.span, f"`{{{declaration.name}}}` has no address")
    return "0"


def quoted(symbol: str) -> str:
    """A symbol as the assembler takes it."""
    return symbol if re.fullmatch(r"[A-Za-z_][A-Za-z_0-9]*", symbol) else f'"{symbol}"'
