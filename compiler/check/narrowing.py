"""Narrowing: what a condition says about the variables and fields in it, on the way where it holds and on the way
where it does not."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.declarations import GlobalSymbol
from compiler.check.scope import Path, Scope
from compiler.check.typed_tree import ConversionKind
from compiler.syntax import tree
from compiler.type_system.kinds import BOOL, NONE, ClassInfo, ClassType, NoneType, OptionalType, Type
from compiler.type_system.object_layout import find_field

Facts = dict[Path, Type]


def path_of(scope: Scope, node: tree.Expression) -> Path | None:
    """The narrowing key of a name or of a chain of field names from one."""
    match node:
        case tree.Name(identifier=name):
            variable = scope.variables.get(name)
            if variable is not None:
                return (variable,)
            symbol = scope.module.symbols.get(name)
            settled = getattr(symbol, "settled", symbol)
            return (settled.variable,) if isinstance(settled, GlobalSymbol) else None
        case tree.Attribute(value=value, name=name):
            base = path_of(scope, value)
            return None if base is None else (*base, name)
        case tree.NamedExpression(target=target):
            return path_of(scope, target)
    return None


def type_at(scope: Scope, path: Path) -> Type | None:
    """The type known at a path: narrowed, or as declared."""
    known = scope.narrowed.get(path)
    root = path[0]
    if known is not None and (not isinstance(known, NoneType) or (len(path) == 1 and isinstance(root, typed.Variable))):
        return known  # that a field or a global is None is not kept: any call may have set it
    if len(path) == 1:
        return root.type if isinstance(root, typed.Variable | typed.GlobalVariable) else None
    base = type_at(scope, path[:-1])
    if isinstance(base, ClassType):
        found = find_field(base.info, str(path[-1]))
        return None if found is None else found[0].type
    return None


def facts_of(scope: Scope, node: tree.Expression) -> tuple[Facts, Facts]:
    """What holds when the condition is true, and what when it is false."""
    match node:
        case tree.UnaryOperation(operator=tree.UnaryOperator.NOT, operand=operand):
            when_true, when_false = facts_of(scope, operand)
            return when_false, when_true
        case tree.BooleanOperation(operator=operator, values=values):
            return combined_facts(scope, operator is tree.BooleanOperator.AND, values)
        case tree.Comparison(first=first, operators=(operator,), rest=(rest,)):
            return comparison_facts(scope, first, operator, rest)
        case tree.Call(function=tree.Name(identifier="isinstance"), arguments=(subject, target)):
            return instance_facts(scope, subject, target)
    return truth_facts(scope, node)


def combined_facts(scope: Scope, is_and: bool, values: tuple[tree.Expression, ...]) -> tuple[Facts, Facts]:
    together: Facts = {}
    saved = dict(scope.narrowed)
    for value in values:
        when_true, when_false = facts_of(scope, value)
        together.update(when_true if is_and else when_false)
        scope.narrowed = {**saved, **together}
    scope.narrowed = saved
    return (together, {}) if is_and else ({}, together)


def comparison_facts(
    scope: Scope, first: tree.Expression, operator: tree.ComparisonOperator, rest: tree.Expression
) -> tuple[Facts, Facts]:
    kinds = tree.ComparisonOperator
    if not isinstance(rest, tree.Constant) or rest.value is not None:
        return equality_facts(scope, first, operator)
    path = path_of(scope, first)
    kind = None if path is None else type_at(scope, path)
    if path is None or not isinstance(kind, OptionalType):
        return {}, {}
    if operator in (kinds.IS_NOT, kinds.NOT_EQUAL):
        return {path: kind.item}, {path: NoneType()}
    if operator in (kinds.IS, kinds.EQUAL):
        return {path: NoneType()}, {path: kind.item}
    return {}, {}


def equality_facts(scope: Scope, first: tree.Expression, operator: tree.ComparisonOperator) -> tuple[Facts, Facts]:
    """`x == value` with a value that is not None says nothing that could be relied on for every class."""
    return {}, {}


def truth_facts(scope: Scope, node: tree.Expression) -> tuple[Facts, Facts]:
    path = path_of(scope, node)
    kind = None if path is None else type_at(scope, path)
    if path is not None and isinstance(kind, OptionalType):
        return {path: kind.item}, {}
    return {}, {}


def instance_facts(scope: Scope, subject: tree.Expression, target: tree.Expression) -> tuple[Facts, Facts]:
    path = path_of(scope, subject)
    kind = None if path is None else type_at(scope, path)
    info = scope.module.symbols.get(target.identifier) if isinstance(target, tree.Name) else None
    if info is None and isinstance(target, tree.Name):
        info = scope.world.builtin_classes.get(target.identifier)
    if path is None or kind is None or not isinstance(info, ClassInfo):
        return {}, {}
    plain = kind.item if isinstance(kind, OptionalType) else kind
    if not isinstance(plain, ClassType) or not info.is_subclass_of(plain.info):
        return ({path: plain}, {}) if isinstance(kind, OptionalType) else ({}, {})
    return {path: ClassType(info, plain.arguments if info is plain.info else ())}, {}


def narrowed_read(scope: Scope, value: typed.Expression, path: Path | None) -> typed.Expression:
    """A read, converted to the narrower type that is known at its path. Only local variables cannot have changed
    since: others are checked again."""
    kind = scope.narrowed.get(path) if path is not None else None
    if kind is None or path is None or kind == value.type:
        return value
    is_certain = len(path) == 1 and isinstance(path[0], typed.Variable)
    if isinstance(kind, NoneType):
        return value
    if isinstance(value.type, OptionalType):
        unwrap = ConversionKind.UNWRAP_OPTIONAL if is_certain else ConversionKind.UNWRAP_OPTIONAL_CHECKED
        value = typed.Convert(value.type.item, value.span, unwrap, value)
    if value.type == kind or not isinstance(kind, ClassType):
        return value
    if is_certain:
        return typed.Convert(kind, value.span, ConversionKind.DOWNCAST, value)
    return downcast_checked(scope, value, kind)


def downcast_checked(scope: Scope, value: typed.Expression, kind: ClassType) -> typed.Expression:
    """A value that was of a subclass when tested; if another was stored since, reading it fails as None would."""
    span, wanted = value.span, OptionalType(kind)
    held = scope.hidden("tested", value.type, span)
    read = typed.LocalRead(value.type, span, held)
    inner = typed.Convert(kind, span, ConversionKind.DOWNCAST, read)
    some = typed.Convert(wanted, span, ConversionKind.WRAP_OPTIONAL, inner)
    none = typed.Convert(wanted, span, ConversionKind.NONE_TO_OPTIONAL, typed.Literal(NONE, span, None))
    choice = typed.Conditional(wanted, span, typed.IsInstance(BOOL, span, read, kind), some, none)
    checked = typed.Convert(kind, span, ConversionKind.UNWRAP_OPTIONAL_CHECKED, choice)
    return typed.Sequence(kind, span, [typed.AssignLocal(span, held, value)], checked)
