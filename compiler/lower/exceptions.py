"""raise, try, with. A failure goes to the handler of its block, which finds the exception in the handler's local.

    try … except      handler block: test the classes in turn, else raise on
    try … finally     handler block: the finally body, then raise on; other ways out run their own copy (exits.py)
    with              handler block: `exit_exception` decides

Whatever leaves the body of an except clause (or a finally body on the way of an exception) passes a block that
notes the handled exception as its context, also when it was raised in a function called from there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.ir import ops
from compiler.ir.builder import NULL_REFERENCE
from compiler.ir.ops import Block, Handler, Local, SymbolAddress
from compiler.ir.types import REF, UNIT
from compiler.lower import defects, support
from compiler.lower.choices import lower_condition
from compiler.lower.comparisons import is_instance
from compiler.lower.region import Scope

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering


def lower_raise(lowering: FunctionLowering, node: typed.Raise) -> None:
    exception = lowering.value(node.exception)
    if node.has_cause:
        cause = lowering.value(node.cause) if node.cause is not None else NULL_REFERENCE
        cause = cause if cause.rep == REF else NULL_REFERENCE
        lowering.builder.call(support.set_cause(lowering.context), (exception, cause), UNIT)
    lowering.builder.emit(ops.Raise(exception))


def lower_reraise(lowering: FunctionLowering, _: typed.Reraise) -> None:
    """Without an exception being handled in this function there is nothing to raise."""
    builder = lowering.builder
    if lowering.handled:
        builder.emit(ops.Raise(builder.read(lowering.handled[-1]), False))
        return
    symbol = defects.nothing_to_reraise(lowering.context)
    if symbol is None:
        raise lowering.fail(None, "no exception is handled here")
    builder.emit(ops.Raise(SymbolAddress(symbol, REF)))


# --- regions


def protected(
    lowering: FunctionLowering, handler: Handler, leave: Callable[[], None] | None, run: Callable[[], None]
) -> None:
    """Run something under a handler; afterwards the builder stands under the handler outside, or has ended."""
    builder = lowering.builder
    outer = builder.handler
    lowering.scopes.append(Scope(outer, len(lowering.handled), leave))
    lowering.under(handler, "protected")
    run()
    lowering.scopes.pop()
    if builder.terminated:
        builder.handler = outer
    else:
        lowering.under(outer, "unprotected")


def handling(lowering: FunctionLowering, caught: Local, leave: Callable[[], None], run: Callable[[], None]) -> None:
    """Run something while `caught` is being handled: exceptions that leave it get it as their context."""
    builder = lowering.builder
    escape = builder.block("escape", cold=True)
    escaping = lowering.temporary("escaping", REF)

    def body() -> None:
        lowering.handled.append(caught)
        run()
        lowering.handled.pop()

    protected(lowering, Handler(escape, escaping), leave, body)
    present = builder.current
    builder.position_at(escape)
    arguments = (builder.read(escaping), builder.read(caught))
    builder.call(support.set_context(lowering.context), arguments, UNIT)
    leave()
    builder.emit(ops.Raise(builder.read(escaping), False))
    builder.position_at(present)


# --- try


def lower_try(lowering: FunctionLowering, node: typed.Try) -> None:
    if not node.final:
        lower_clauses(lowering, node)
        return
    builder = lowering.builder
    after = builder.block("after")
    failed, pending = builder.block("finally", cold=True), lowering.temporary("pending", REF)

    def final() -> None:
        lowering.statements(node.final)

    protected(lowering, Handler(failed, pending), final, lambda: lower_clauses(lowering, node))
    if not builder.terminated:
        final()
        lowering.jump_unless_ended(after)
    builder.position_at(failed)
    handling(lowering, pending, lambda: None, final)
    if not builder.terminated:
        builder.emit(ops.Raise(builder.read(pending), False))
    builder.position_at(after)


def lower_clauses(lowering: FunctionLowering, node: typed.Try) -> None:
    """try … except … else, without the finally."""
    if not node.clauses:
        lowering.statements([*node.body, *node.otherwise])
        return
    builder = lowering.builder
    after = builder.block("after")
    dispatch, caught = builder.block("except", cold=True), lowering.temporary("caught", REF)
    protected(lowering, Handler(dispatch, caught), None, lambda: lowering.statements(node.body))
    if not builder.terminated:
        lowering.statements(node.otherwise)
        lowering.jump_unless_ended(after)
    builder.position_at(dispatch)
    for clause in node.clauses:
        lower_clause(lowering, clause, caught, after)
        if clause.kinds is None:
            break
    else:
        builder.emit(ops.Raise(builder.read(caught), False))
    builder.position_at(after)


def lower_clause(lowering: FunctionLowering, clause: typed.ExceptClause, caught: Local, after: Block) -> None:
    """Test, then the body; the builder is left where the next clause is tested."""
    builder = lowering.builder
    matched, following = builder.block("matched", cold=True), None
    if clause.kinds is None:
        builder.jump(matched)
    else:
        following = builder.block("unmatched", cold=True)
        test_kinds(lowering, clause, caught, matched, following)
    builder.position_at(matched)
    lowering.assign(clause.variable, builder.read(caught))
    variable = lowering.home(clause.variable)

    def forget() -> None:
        for place in (variable, caught):
            if isinstance(place, Local):
                builder.emit(ops.ClearLocal(place))

    handling(lowering, caught, forget, lambda: lowering.statements(clause.body))
    if not builder.terminated:
        forget()
        builder.jump(after)
    if following is not None:
        builder.position_at(following)


def test_kinds(
    lowering: FunctionLowering, clause: typed.ExceptClause, caught: Local, matched: Block, following: Block
) -> None:
    """Branch to `matched` when the exception is an instance of one of the classes."""
    builder = lowering.builder
    for kind in clause.kinds or ():
        if kind.info.builtin_name == "BaseException":
            builder.jump(matched)
            return
        descriptor = lowering.context.descriptor(kind)
        other = builder.block("other", cold=True)
        builder.branch(is_instance(lowering, builder.read(caught), descriptor), matched, other)
        builder.position_at(other)
    builder.jump(following)


# --- with


def lower_with(lowering: FunctionLowering, node: typed.With) -> None:
    builder = lowering.builder
    after = builder.block("after")
    failed = builder.block("exit", cold=True)
    exception = lowering.home(node.exception)
    if not isinstance(exception, Local):
        raise lowering.fail(None, "the exception of a with statement is no parameter")

    def leave() -> None:
        lowering.value(node.exit_normal)

    protected(lowering, Handler(failed, exception), leave, lambda: lowering.statements(node.body))
    if not builder.terminated:
        leave()
        builder.jump(after)
    builder.position_at(failed)
    swallowed, raised = builder.block("swallowed", cold=True), builder.block("raised", cold=True)

    def decide() -> None:
        lower_condition(lowering, node.exit_exception, swallowed, raised)

    handling(lowering, exception, lambda: None, decide)
    builder.position_at(swallowed)
    builder.emit(ops.ClearLocal(exception))
    builder.jump(after)
    builder.position_at(raised)
    builder.emit(ops.Raise(builder.read(exception), False))
    builder.position_at(after)
