"""The statements of the typed tree."""

from __future__ import annotations

from dataclasses import dataclass

from compiler.check.typed_expressions import Expression
from compiler.check.typed_program import GlobalVariable, Variable
from compiler.diagnostics.span import Span
from compiler.type_system.kinds import ClassType, FieldInfo, StructFieldInfo


@dataclass(slots=True, eq=False)
class Done:
    """Base of statements."""

    span: Span


@dataclass(slots=True, eq=False)
class Evaluate(Done):
    expression: Expression


@dataclass(slots=True, eq=False)
class AssignLocal(Done):
    variable: Variable
    value: Expression


@dataclass(slots=True, eq=False)
class DeleteLocal(Done):
    """The variable becomes unassigned (end of `except … as`)."""

    variable: Variable


@dataclass(slots=True, eq=False)
class AssignGlobal(Done):
    variable: GlobalVariable
    value: Expression


@dataclass(slots=True, eq=False)
class AssignField(Done):
    """object.field = value. The value is evaluated first, then the object (CPython's order). `initialises`: the
    field holds nothing yet that must be released (fields are zeroed at allocation, so it is only an
    optimisation)."""

    object: Expression
    field: FieldInfo
    owner: ClassType
    value: Expression


@dataclass(slots=True, eq=False)
class AssignStructField(Done):
    """A scalar store, or a copy into an inline struct or array."""

    object: Expression
    field: StructFieldInfo
    value: Expression


@dataclass(slots=True, eq=False)
class AssignPointer(Done):
    """pointer[index] = value. `initialises`: the memory is raw (initialise_slot). For @struct items the storage is
    copied."""

    pointer: Expression
    index: Expression
    value: Expression
    initialises: bool = False
    volatile: bool = False


@dataclass(slots=True, eq=False)
class AssignArray(Done):
    """array[index] = value, checked."""

    array: Expression
    index: Expression
    value: Expression


@dataclass(slots=True, eq=False)
class If(Done):
    condition: Expression
    body: list[Statement]
    otherwise: list[Statement]


@dataclass(slots=True, eq=False)
class While(Done):
    """`otherwise` runs when the condition became false."""

    condition: Expression
    body: list[Statement]
    otherwise: list[Statement]


@dataclass(slots=True, eq=False)
class ForRange(Done):
    """for variable in range(start, stop, step): bounds evaluated once, all of `variable.type` (an integer type); step
    not 0 (checked before unless a constant).
    The variable is assigned only when an iteration begins and may be changed by the body without effect on the loop."""

    variable: Variable
    start: Expression
    stop: Expression
    step: Expression
    body: list[Statement]
    otherwise: list[Statement]


@dataclass(slots=True, eq=False)
class Break(Done):
    pass


@dataclass(slots=True, eq=False)
class Continue(Done):
    pass


@dataclass(slots=True, eq=False)
class Return(Done):
    value: Expression | None


@dataclass(slots=True, eq=False)
class Raise(Done):
    """Raise an exception object; `cause` (an optional exception) sets __cause__ when `has_cause`."""

    exception: Expression
    cause: Expression | None
    has_cause: bool


@dataclass(slots=True, eq=False)
class Reraise(Done):
    """`raise` alone: the exception that the innermost handler caught."""


@dataclass(slots=True, eq=False)
class ExceptClause:
    """Catches instances of `kinds` (None: everything); the exception is in `variable` during the body."""

    kinds: tuple[ClassType, ...] | None
    variable: Variable
    body: list[Statement]


@dataclass(slots=True, eq=False)
class Try(Done):
    body: list[Statement]
    clauses: list[ExceptClause]
    otherwise: list[Statement]
    final: list[Statement]


@dataclass(slots=True, eq=False)
class With(Done):
    """Entering has been done by statements before. When the body ends in any way but an exception, `exit_normal` is
    evaluated; on an exception it is in `exception` and `exit_exception` (bool) says whether it is swallowed."""

    body: list[Statement]
    exit_normal: Expression
    exception: Variable
    exit_exception: Expression


@dataclass(slots=True, eq=False)
class RunModules(Done):
    """An import: run the bodies of these modules, in order, each unless it has started before."""

    modules: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Unreachable(Done):
    """Control cannot come here (end of a NoReturn function, unreachable())."""


Statement = (
    Evaluate
    | AssignLocal
    | DeleteLocal
    | AssignGlobal
    | AssignField
    | AssignStructField
    | AssignPointer
    | AssignArray
    | If
    | While
    | ForRange
    | Break
    | Continue
    | Return
    | Raise
    | Reraise
    | Try
    | With
    | RunModules
    | Unreachable
)
