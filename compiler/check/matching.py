"""`match` on constants, enum members, None and classes: a chain of tests on a value held once."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.assignment import assign_name, hold
from compiler.check.comparisons import compare, compare_none
from compiler.check.conversions import literal, settle
from compiler.check.narrowing import facts_of
from compiler.check.scope import Path, Scope
from compiler.check.truth import check_condition
from compiler.syntax import tree
from compiler.type_system.kinds import BOOL, BoolType, EnumType, Type

Comparison = tree.ComparisonOperator


def check_match(scope: Scope, node: tree.Match) -> None:
    """Test the cases in order; the first that fits runs."""
    subject = hold(scope, settle(scope, scope.check(node.subject)))
    before = dict(scope.narrowed)
    ways: list[tuple[bool, dict[Path, Type]]] = []
    scope.statements.extend(case_chain(scope, node.cases, 0, subject, ways, before))
    scope.merge(ways)


def case_chain(
    scope: Scope,
    cases: tuple[tree.MatchCase, ...],
    position: int,
    subject: typed.Expression,
    ways: list[tuple[bool, dict[Path, Type]]],
    before: dict[Path, Type],
) -> list[typed.Statement]:
    """Statements for the cases from `position` on; control that falls through them all leaves the match."""
    scope.narrowed, scope.reachable = dict(before), True
    if position == len(cases):
        complete = is_exhaustive(scope, cases, subject)
        ways.append((not complete, dict(before)))
        return [typed.Unreachable(subject.span)] if complete else []
    case = cases[position]
    test = pattern_test(scope, case.pattern, subject)
    captures = captured_names(case.pattern)
    is_certain = isinstance(test, typed.Literal) and test.value is True
    with scope.collecting() as body:
        for name in captures:
            assign_name(scope, name, subject)
        rest: list[typed.Statement] | None = None
        if case.guard is not None:
            guarded_case(scope, case, cases, position, subject, ways, before)
            rest = []
        else:
            for statement in case.body:
                if not scope.reachable:
                    break
                scope.check_statement(statement)
            ways.append((scope.reachable, dict(scope.narrowed)))
    if is_certain:
        return body
    otherwise = case_chain(scope, cases, position + 1, subject, ways, before)
    assert rest is None or rest == []
    return [typed.If(case.span, test, body, otherwise)]


def guarded_case(
    scope: Scope,
    case: tree.MatchCase,
    cases: tuple[tree.MatchCase, ...],
    position: int,
    subject: typed.Expression,
    ways: list[tuple[bool, dict[Path, Type]]],
    before: dict[Path, Type],
) -> None:
    """`case pattern if guard`: when the guard fails, the later cases are tried."""
    assert case.guard is not None
    condition = check_condition(scope, case.guard)
    when_true, _ = facts_of(scope, case.guard)
    with scope.branch(when_true):
        body = scope.check_block(case.body)
        ways.append((scope.reachable, dict(scope.narrowed)))
    saved = dict(scope.narrowed)
    otherwise = case_chain(scope, cases, position + 1, subject, ways, before)
    scope.narrowed = saved
    scope.emit(typed.If(case.span, condition, body, otherwise))


def pattern_test(scope: Scope, pattern: tree.Pattern, subject: typed.Expression) -> typed.Expression:
    """Whether the subject fits the pattern."""
    span = pattern.span
    match pattern:
        case tree.WildcardPattern() | tree.CapturePattern():
            return literal(BOOL, span, True)
        case tree.AsPattern(pattern=inner):
            return pattern_test(scope, inner, subject)
        case tree.ValuePattern(value=value):
            return compare(scope, Comparison.EQUAL, subject, scope.check(value, subject.type), span)
        case tree.SingletonPattern(value=None):
            return compare_none(scope, Comparison.IS, subject, tree.Constant(span, None), span)
        case tree.SingletonPattern(value=value):
            return compare(scope, Comparison.IS, subject, literal(BOOL, span, value), span)
        case tree.OrPattern(patterns=patterns):
            test = pattern_test(scope, patterns[-1], subject)
            for part in reversed(patterns[:-1]):
                test = typed.ShortCircuit(BOOL, span, False, pattern_test(scope, part, subject), test)
            return test
    raise scope.fail("E0301", span, "this pattern is not part of the language yet", label="not supported")


def is_exhaustive(scope: Scope, cases: tuple[tree.MatchCase, ...], subject: typed.Expression) -> bool:
    """Whether unguarded cases name every member of the subject's enumeration (or both truth values)."""
    named: set[object] = set()
    for case in cases:
        if case.guard is None:
            named.update(constants_of(scope, case.pattern, subject))
    match subject.type:
        case EnumType(info):
            return named >= set(range(len(info.members)))
        case BoolType():
            return named >= {True, False}
    return False


def constants_of(scope: Scope, pattern: tree.Pattern, subject: typed.Expression) -> list[object]:
    """The members or truth values a pattern matches by name."""
    match pattern:
        case tree.OrPattern(patterns=patterns):
            return [constant for part in patterns for constant in constants_of(scope, part, subject)]
        case tree.AsPattern(pattern=inner):
            return constants_of(scope, inner, subject)
        case tree.SingletonPattern(value=bool() as value):
            return [value]
        case tree.ValuePattern(value=tree.Attribute() as node) if isinstance(subject.type, EnumType):
            member = scope.check(node, subject.type)
            return [member.position] if isinstance(member, typed.EnumMember) and member.type == subject.type else []
    return []


def captured_names(pattern: tree.Pattern) -> list[tree.Name]:
    match pattern:
        case tree.CapturePattern(name=name):
            return [tree.Name(pattern.span, name)]
        case tree.AsPattern(pattern=inner, name=name):
            return [*captured_names(inner), tree.Name(pattern.span, name)]
    return []
