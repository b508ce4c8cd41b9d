"""Where an expression is being checked: its module, its function instance, the variables in sight and what is known
about them.

`Scope` carries the state of one function body (or module body). The rules live in other files as plain functions
that take the scope first; the scope reaches them through the tables it was given, so no rule file imports another
one in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from compiler.check import typed_tree as typed
from compiler.check.bindings import assigned_names
from compiler.check.world import ModuleScope, World
from compiler.diagnostics.diagnostic import Note
from compiler.diagnostics.span import Span
from compiler.syntax import tree
from compiler.type_system.kinds import ERROR, ClassInfo, Type, TypeVariable

Path = tuple[object, ...]
"""What a narrowing is about: a variable, or a variable followed by field names."""

ExpressionRule = Callable[["Scope", object, Type | None], typed.Expression]
StatementRule = Callable[["Scope", object], None]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rule tables by node class, put together in rules.py."""

    expressions: dict[type, ExpressionRule]
    statements: dict[type, StatementRule]
    ensure_checked: Callable[[World, Rules, typed.FunctionInstance], bool]
    """Checks a function's body now; compile-time evaluation runs bodies (bodies.py, which itself needs constants)."""


class CheckError(Exception):
    """A diagnostic was reported and the statement at hand cannot be trusted further; never leaves the checker."""


@dataclass(slots=True)
class Loop:
    """An enclosing loop: which narrowings survive it."""

    breaks: list[dict[Path, Type]] = field(default_factory=list)


class Scope:
    """The state of checking one body."""

    def __init__(
        self,
        world: World,
        module: ModuleScope,
        rules: Rules,
        *,
        instance: typed.FunctionInstance | None = None,
        local_names: frozenset[str] = frozenset(),
        type_variables: dict[TypeVariable, Type] | None = None,
        owner: ClassInfo | None = None,
    ) -> None:
        self.world = world
        self.module = module
        self.rules = rules
        self.instance = instance
        self.local_names = local_names
        self.type_variables = type_variables or {}
        self.owner = owner
        self.variables: dict[str, typed.Variable] = {}
        self.all_variables: list[typed.Variable] = []
        self.narrowed: dict[Path, Type] = {}
        self.reachable = True
        self.pending_lists: dict[str, Span] = {}
        """Local lists that began empty and whose type nothing has shown yet (empty_lists.py)."""
        self.loops: list[Loop] = []
        self.handler_depth = 0
        self.statements: list[typed.Statement] = []
        self._counter = 0

    # --- reporting --------------------------------------------------------------------------------------------------

    def error(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        notes: tuple[Note, ...] = (),
        suggestion: str | None = None,
        label: str | None = None,
    ) -> None:
        if str(ERROR) in message:
            return  # about a value whose fault has been reported
        self.world.sink.error(code, span, message, notes=notes, suggestion=suggestion, label=label)

    def fail(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        notes: tuple[Note, ...] = (),
        suggestion: str | None = None,
        label: str | None = None,
    ) -> CheckError:
        """Report and return the exception to raise."""
        self.error(code, span, message, notes=notes, suggestion=suggestion, label=label)
        return CheckError()

    # --- expressions and statements -----------------------------------------------------------------------------------

    def check(self, node: tree.Expression, expected: Type | None = None) -> typed.Expression:
        """The typed form of an expression; `expected` guides literals and empty displays, it does not convert.

        Statements that the rule emits (values held in hidden variables) run just before this expression and nowhere
        else.
        """
        rule = self.rules.expressions.get(type(node))
        if rule is None:
            raise self.fail(
                "E0301", node.span, f"{construct_name(node)} is not part of the language yet", label="not supported"
            )
        outer, self.statements = self.statements, []
        try:
            value = rule(self, node, expected)
            emitted = self.statements
        finally:
            self.statements = outer
        return typed.Sequence(value.type, value.span, emitted, value) if emitted else value

    def check_statement(self, node: tree.Statement) -> None:
        """Check one statement, appending its typed form to `statements`."""
        rule = self.rules.statements.get(type(node))
        if rule is None:
            self.error(
                "E0301", node.span, f"{construct_name(node)} is not part of the language yet", label="not supported"
            )
            return
        try:
            rule(self, node)
        except CheckError:
            self.recover(node)

    def recover(self, node: tree.Statement) -> None:
        """After a fault: what the statement would have done is taken as done, so that nothing false follows from it."""
        if isinstance(node, tree.Return | tree.Raise):
            self.reachable = False
        for name in assigned_names((node,)):
            if self.is_local(name):
                self.declare(name, ERROR, node.span)

    def check_block(self, body: tuple[tree.Statement, ...]) -> list[typed.Statement]:
        """The typed statements of a block."""
        with self.collecting() as statements:
            for statement in body:
                if not self.reachable and not is_declaration(statement):
                    break
                self.check_statement(statement)
        return statements

    @contextmanager
    def collecting(self) -> Iterator[list[typed.Statement]]:
        """Statements emitted inside go to a list of their own."""
        outer, self.statements = self.statements, []
        try:
            yield self.statements
        finally:
            self.statements = outer

    def emit(self, statement: typed.Statement) -> None:
        self.statements.append(statement)

    # --- variables --------------------------------------------------------------------------------------------------

    def hidden(self, stem: str, kind: Type, span: Span) -> typed.Variable:
        """A fresh variable that the source cannot name."""
        self._counter += 1
        return self.add_variable(typed.Variable(f".{stem}{self._counter}", kind, span, surely_assigned=True))

    def add_variable(self, variable: typed.Variable) -> typed.Variable:
        self.all_variables.append(variable)
        return variable

    def declare(self, name: str, kind: Type, span: Span) -> typed.Variable:
        """The local variable of this name, made on first sight."""
        known = self.variables.get(name)
        if known is None:
            known = self.variables[name] = self.add_variable(typed.Variable(name, kind, span))
        return known

    def is_local(self, name: str) -> bool:
        return name in self.local_names

    # --- narrowing --------------------------------------------------------------------------------------------------

    def forget(self, variable: typed.Variable) -> None:
        """The variable was assigned: nothing known about it or its fields holds any more."""
        for path in [p for p in self.narrowed if p[0] is variable]:
            del self.narrowed[path]

    def forget_path(self, path: Path) -> None:
        for known in [p for p in self.narrowed if p[: len(path)] == path]:
            del self.narrowed[known]

    @contextmanager
    def branch(self, facts: dict[Path, Type]) -> Iterator[None]:
        """Check a branch under additional facts; the caller merges afterwards."""
        saved = dict(self.narrowed)
        self.narrowed = {**saved, **facts}
        try:
            yield
        finally:
            self.narrowed = saved

    def merge(self, ways: list[tuple[bool, dict[Path, Type]]]) -> None:
        """Continue after branches: only what every reachable way agrees on is still known."""
        live = [facts for reachable, facts in ways if reachable]
        self.reachable = bool(live)
        if live:
            first, *others = live
            self.narrowed = {path: kind for path, kind in first.items() if all(o.get(path) == kind for o in others)}


def is_declaration(statement: tree.Statement) -> bool:
    return isinstance(
        statement, tree.Import | tree.ImportFrom | tree.Global | tree.FunctionDefinition | tree.ClassDefinition
    )


CONSTRUCT_NAMES = {
    "DictDisplay": "a dict display",
    "SetDisplay": "a set display",
    "SetComprehension": "a set comprehension",
    "DictComprehension": "a dict comprehension",
    "GeneratorExpression": "a generator expression",
    "Yield": "`yield`",
    "YieldFrom": "`yield from`",
    "Lambda": "`lambda`",
    "Starred": "a starred expression",
    "Slice": "a slice outside a subscript",
    "Delete": "`del`",
    "Nonlocal": "`nonlocal`",
    "TypeAlias": "a `type` statement",
}


def construct_name(node: object) -> str:
    """How a diagnostic names a construct."""
    name = type(node).__name__
    return CONSTRUCT_NAMES.get(name, f"this construct ({name})")


def error_expression(span: Span) -> typed.Literal:
    """What stands for an expression that was already complained about."""
    return typed.Literal(ERROR, span, None)
