"""Loops: `while`, and `for` over ranges, sequences, and the builtins that pair or count them. All become index loops;
nothing is allocated to iterate."""

from __future__ import annotations

from collections.abc import Callable

from compiler.check import typed_tree as typed
from compiler.check.assignment import assign, hold, unpack
from compiler.check.bindings import assigned_names, target_names
from compiler.check.classes import nested_statements
from compiler.check.collecting import collected
from compiler.check.conversions import coerce, is_error, literal, settle, to_int
from compiler.check.exceptions import new_exception
from compiler.check.list_building import make_list
from compiler.check.methods import call_method, has_method
from compiler.check.narrowing import facts_of
from compiler.check.operators import binary
from compiler.check.scope import Loop, Path, Scope
from compiler.check.truth import check_condition
from compiler.check.typed_tree import ComparisonOperator
from compiler.diagnostics.span import Span
from compiler.syntax import tree
from compiler.type_system.kinds import (
    BOOL,
    INT,
    ArrayType,
    IntegerType,
    OptionalType,
    TableType,
    TupleType,
    Type,
)

Body = Callable[[], None]


def check_while(scope: Scope, node: tree.While) -> None:
    """`while condition: … else: …`."""
    forget_changed(scope, tuple(assigned_names(node.body)), node.body)
    before = dict(scope.narrowed)
    with scope.collecting() as setup:
        condition = check_condition(scope, node.condition)
    if setup:
        condition = typed.Sequence(BOOL, node.condition.span, list(setup), condition)
    when_true, when_false = facts_of(scope, node.condition)
    loop = Loop()
    scope.loops.append(loop)
    with scope.branch(when_true):
        body = scope.check_block(node.body)
    scope.loops.pop()
    endless = isinstance(condition, typed.Literal) and condition.value is True
    scope.narrowed = {**before, **when_false}
    scope.reachable = not endless
    otherwise = scope.check_block(node.otherwise)
    after = [(scope.reachable, dict(scope.narrowed)), *((True, facts) for facts in loop.breaks)]
    scope.merge(after)
    scope.emit(typed.While(node.span, condition, body, otherwise))


def forget_changed(scope: Scope, names: tuple[str, ...], body: tuple[tree.Statement, ...]) -> None:
    """Before a loop: what it may change is not known inside it."""
    for name in names:
        variable = scope.variables.get(name)
        if variable is not None:
            scope.forget(variable)
    for path in [p for p in scope.narrowed if len(p) > 1 or isinstance(p[0], typed.GlobalVariable)]:
        if changes_path(body, path):
            del scope.narrowed[path]


def changes_path(body: tuple[tree.Statement, ...], path: Path) -> bool:
    """Whether a loop body assigns a field of this name anywhere."""
    last = path[-1]
    for statement in nested_statements(body):
        targets = getattr(statement, "targets", None) or (getattr(statement, "target", None),)
        for target in targets:
            if isinstance(target, tree.Attribute) and target.name == last:
                return True
            if (
                isinstance(target, tree.Name)
                and isinstance(last, typed.GlobalVariable)
                and last.name == target.identifier
            ):
                return True
    return False


def check_for(scope: Scope, node: tree.For) -> None:
    """`for target in iterable: … else: …`."""
    forget_changed(scope, (*target_names(node.target), *assigned_names(node.body)), node.body)

    def body() -> None:
        for statement in node.body:
            if not scope.reachable:
                break
            scope.check_statement(statement)

    check_loop(scope, node.target, node.iterable, body, node.otherwise, node.span)


def check_loop(
    scope: Scope,
    target: tree.Expression,
    iterable: tree.Expression,
    body: Body,
    otherwise: tuple[tree.Statement, ...],
    span: Span,
) -> None:
    """A loop with any body; comprehensions use it too."""
    if isinstance(iterable, tree.Call) and isinstance(iterable.function, tree.Name):
        name = iterable.function.identifier
        if name in CALL_LOOPS and name not in scope.module.symbols and not scope.is_local(name):
            CALL_LOOPS[name](scope, target, iterable, body, otherwise, span)
            return
    if isinstance(iterable, tree.TupleDisplay | tree.ListDisplay) and iterable.elements:
        value = settle(scope, scope.check(as_list_display(iterable)))
    else:
        value = settle(scope, scope.check(iterable))
    if is_error(value):
        return
    loop_over(scope, target, value, body, otherwise, span)


def as_list_display(node: tree.Expression) -> tree.Expression:
    assert isinstance(node, tree.TupleDisplay | tree.ListDisplay)
    return tree.ListDisplay(node.span, node.elements)


def loop_over(
    scope: Scope,
    target: tree.Expression,
    value: typed.Expression,
    body: Body,
    otherwise: tuple[tree.Statement, ...],
    span: Span,
) -> None:
    """An index loop over a sequence; its length is read again at each step, as CPython's list iterator does."""
    if isinstance(value.type, TupleType):
        value = tuple_as_list(scope, value, span)
    sequence = Walk(scope, value, span)
    index_loop(scope, [sequence], lambda: assign(scope, target, sequence.item()), body, otherwise, span)


def tuple_as_list(scope: Scope, value: typed.Expression, span: Span) -> typed.Expression:

    assert isinstance(value.type, TupleType)
    kinds = set(value.type.items)
    if len(kinds) != 1:
        raise scope.fail("E0348", value.span, f"only a tuple of one type can be walked, this is {value.type}")
    whole = hold(scope, value)
    kind = value.type.items[0]
    return make_list(scope, kind, [typed.TupleItem(kind, span, whole, i) for i in range(len(value.type.items))], span)


class Walk:
    """One sequence being walked by an index: held in a hidden variable with its position."""

    def __init__(self, scope: Scope, value: typed.Expression, span: Span) -> None:
        if isinstance(value.type, OptionalType):
            raise scope.fail(
                "E0308",
                value.span,
                "this may be None, which cannot be walked",
                suggestion="test it with `is None` first",
            )
        if not isinstance(value.type, ArrayType | TableType) and not is_sequence(scope, value.type):
            raise scope.fail("E0349", value.span, f"a {value.type} cannot be walked by `for`")
        self.scope, self.span = scope, span
        self.held = scope.hidden("sequence", value.type, span)
        self.index = scope.hidden("index", INT, span)
        scope.emit(typed.AssignLocal(span, self.held, value))
        scope.emit(typed.AssignLocal(span, self.index, literal(INT, span, 0)))

    def read(self) -> typed.Expression:
        return typed.LocalRead(self.held.type, self.span, self.held)

    def position(self) -> typed.Expression:
        return typed.LocalRead(INT, self.span, self.index)

    def has_next(self) -> typed.Expression:
        length = (
            typed.ArrayLength(INT, self.span, self.read())
            if isinstance(self.held.type, ArrayType | TableType)
            else call_method(self.scope, self.read(), "__len__", [], self.span)
        )
        return typed.Compare(BOOL, self.span, ComparisonOperator.LESS, self.position(), length)

    def item(self) -> typed.Expression:
        kind = self.held.type
        if isinstance(kind, ArrayType | TableType):
            return typed.ArrayRead(kind.item, self.span, self.read(), self.position())
        return call_method(self.scope, self.read(), "__getitem__", [self.position()], self.span)

    def advance(self) -> typed.Statement:
        one = literal(INT, self.span, 1)
        step = typed.WrappingArithmetic(INT, self.span, typed.ArithmeticOperator.ADD, self.position(), one)
        return typed.AssignLocal(self.span, self.index, step)


def is_sequence(scope: Scope, kind: Type) -> bool:
    return has_method(scope, kind, "__len__") and has_method(scope, kind, "__getitem__")


def index_loop(
    scope: Scope, walks: list[Walk], bind: Body, body: Body, otherwise: tuple[tree.Statement, ...], span: Span
) -> None:
    """while every walk has a next item: bind the items, advance, run the body."""
    condition = walks[0].has_next()
    for walk in walks[1:]:
        condition = typed.ShortCircuit(BOOL, span, True, condition, walk.has_next())

    def step() -> None:
        bind()
        for walk in walks:
            scope.emit(walk.advance())
        body()

    statements, finish = loop_body(scope, step, otherwise)
    scope.emit(typed.While(span, condition, statements, finish))


def loop_body(
    scope: Scope, step: Body, otherwise: tuple[tree.Statement, ...]
) -> tuple[list[typed.Statement], list[typed.Statement]]:
    """Check a body and the `else` part, and merge what is known afterwards."""
    before = dict(scope.narrowed)
    loop = Loop()
    scope.loops.append(loop)
    with scope.branch({}), scope.collecting() as statements:
        step()
    scope.loops.pop()
    scope.narrowed, scope.reachable = before, True
    finish = scope.check_block(otherwise)
    scope.merge([(scope.reachable, dict(scope.narrowed)), *((True, facts) for facts in loop.breaks)])
    return statements, finish


# --- loops over calls of builtins -----------------------------------------------------------------------------------


def range_loop(
    scope: Scope,
    target: tree.Expression,
    call: tree.Call,
    body: Body,
    otherwise: tuple[tree.Statement, ...],
    span: Span,
) -> None:
    """for i in range(…)."""
    if call.keywords or not 1 <= len(call.arguments) <= 3:
        raise scope.fail("E0311", call.span, "`range` takes 1 to 3 integers")
    bounds = range_bounds(scope, call)
    counter = scope.hidden("counter", bounds[0].type, span)

    def step() -> None:
        assign(scope, target, typed.LocalRead(counter.type, span, counter))
        body()

    statements, finish = loop_body(scope, step, otherwise)
    scope.emit(typed.ForRange(span, counter, bounds[0], bounds[1], bounds[2], statements, finish))


def range_bounds(scope: Scope, call: tree.Call) -> list[typed.Expression]:
    """start, stop, step of one type: the width of those that are not constants, else int."""
    values = [scope.check(argument) for argument in call.arguments]
    widths = {v.type for v in values if not (isinstance(v, typed.Literal) and v.type == INT)}
    if not all(isinstance(v.type, IntegerType) for v in values):
        bad = next(v for v in values if not isinstance(v.type, IntegerType))
        if bad.type == BOOL:
            values = [to_int(v) for v in values]
        elif is_error(bad):
            values = [literal(INT, call.span, 0)]
        else:
            raise scope.fail("E0307", bad.span, f"`range` takes integers, not {bad.type}")
        widths = {INT}
    if len(widths) > 1:
        names = " and ".join(sorted(map(str, widths)))
        raise scope.fail("E0313", call.span, f"the bounds of `range` have different widths: {names}")
    width = next(iter(widths), INT)
    if width != INT:
        scope.world.conversions.append((call.span, f"range {width}"))
    if len(values) == 3:
        refuse_zero_step(scope, values[2])
    fitted = [coerce(scope, value, width) for value in values]
    if len(fitted) == 1:
        fitted.insert(0, literal(width, call.span, 0))
    if len(fitted) == 2:
        fitted.append(literal(width, call.span, 1))
    return checked_step(scope, fitted)


def refuse_zero_step(scope: Scope, step: typed.Expression) -> None:
    if isinstance(step, typed.Literal) and step.value == 0:
        raise scope.fail("E0350", step.span, "the step of `range` must not be 0")


def checked_step(scope: Scope, bounds: list[typed.Expression]) -> list[typed.Expression]:
    """A step that is not a constant is tested once, with CPython's message."""
    step = bounds[2]
    if isinstance(step, typed.Literal):
        return bounds
    kept = [hold(scope, bound) for bound in bounds]
    span = step.span
    test = typed.Compare(BOOL, span, ComparisonOperator.EQUAL, kept[2], literal(step.type, span, 0))
    error = new_exception(scope, "ValueError", "range() arg 3 must not be zero", span)
    scope.emit(typed.If(span, test, [typed.Raise(span, error, None, False)], []))
    return kept


def enumerate_loop(
    scope: Scope,
    target: tree.Expression,
    call: tree.Call,
    body: Body,
    otherwise: tuple[tree.Statement, ...],
    span: Span,
) -> None:
    """for i, x in enumerate(items, start)."""
    start_node = (
        call.arguments[1]
        if len(call.arguments) == 2
        else next((k.value for k in call.keywords if k.name == "start"), None)
    )
    if not 1 <= len(call.arguments) <= 2:
        raise scope.fail("E0311", call.span, "`enumerate` takes an iterable and a start")
    walk = Walk(scope, walked(scope, call.arguments[0]), span)
    start = to_int(settle(scope, scope.check(start_node))) if start_node is not None else None
    offset = None
    if start is not None:
        offset = scope.hidden("start", INT, span)
        scope.emit(typed.AssignLocal(span, offset, start))

    def bind() -> None:
        number: typed.Expression = walk.position()
        if offset is not None:
            number = binary(scope, tree.BinaryOperator.ADD, number, typed.LocalRead(INT, span, offset), span)
        item = walk.item()
        pair = typed.MakeTuple(TupleType((INT, item.type)), span, [number, item])
        if isinstance(target, tree.TupleDisplay | tree.ListDisplay):
            unpack(scope, target.elements, pair, span)
        else:
            assign(scope, target, pair)

    index_loop(scope, [walk], bind, body, otherwise, span)


def walked(scope: Scope, node: tree.Expression) -> typed.Expression:
    """An iterable argument: a sequence as it is, anything else collected first."""
    if isinstance(node, tree.GeneratorExpression):
        return collected(scope, node)
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and node.function.identifier in CALL_LOOPS:
        return collected(scope, node)
    return settle(scope, scope.check(node))


def zip_loop(
    scope: Scope,
    target: tree.Expression,
    call: tree.Call,
    body: Body,
    otherwise: tuple[tree.Statement, ...],
    span: Span,
) -> None:
    """for a, b in zip(first, second): stops with the shortest."""
    if call.keywords or not call.arguments:
        raise scope.fail(
            "E0301", call.span, "`zip` with `strict=` is not part of the language yet", label="not supported"
        )
    walks = [Walk(scope, walked(scope, argument), span) for argument in call.arguments]

    def bind() -> None:
        items = [walk.item() for walk in walks]
        assign(scope, target, typed.MakeTuple(TupleType(tuple(item.type for item in items)), span, items))

    index_loop(scope, walks, bind, body, otherwise, span)


def reversed_loop(
    scope: Scope,
    target: tree.Expression,
    call: tree.Call,
    body: Body,
    otherwise: tuple[tree.Statement, ...],
    span: Span,
) -> None:
    """for x in reversed(items): from the last index down; over a range, the same numbers backwards."""
    if call.keywords or len(call.arguments) != 1:
        raise scope.fail("E0311", call.span, "`reversed` takes one sequence")
    walk = Walk(scope, walked(scope, call.arguments[0]), span)
    kind = walk.held.type
    length: typed.Expression = (
        typed.ArrayLength(INT, span, walk.read())
        if isinstance(kind, ArrayType | TableType)
        else call_method(scope, walk.read(), "__len__", [], span)
    )
    last = typed.WrappingArithmetic(INT, span, typed.ArithmeticOperator.SUBTRACT, length, literal(INT, span, 1))

    def step() -> None:
        assign(scope, target, walk.item())
        body()

    statements, finish = loop_body(scope, step, otherwise)
    scope.emit(
        typed.ForRange(span, walk.index, last, literal(INT, span, -1), literal(INT, span, -1), statements, finish)
    )


CallLoop = Callable[[Scope, tree.Expression, tree.Call, Body, tuple[tree.Statement, ...], Span], None]
CALL_LOOPS: dict[str, CallLoop] = {
    "range": range_loop,
    "enumerate": enumerate_loop,
    "zip": zip_loop,
    "reversed": reversed_loop,
}
