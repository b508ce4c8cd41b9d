"""The expression half of the syntax tree: operators, `Node` itself, expressions, parameters.

`tree` gives all of it out again and is what other stages import; the split only keeps files readable.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import EllipsisType

from compiler.diagnostics.span import Span

ConstantValue = int | float | complex | str | bytes | bool | None | EllipsisType


class BooleanOperator(Enum):
    """The operators that may leave their right side unevaluated."""

    AND = "and"
    OR = "or"


class BinaryOperator(Enum):
    """Arithmetic, shifts and bit operations; the value is the source text."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    MATRIX_MULTIPLY = "@"
    DIVIDE = "/"
    FLOOR_DIVIDE = "//"
    MODULO = "%"
    POWER = "**"
    SHIFT_LEFT = "<<"
    SHIFT_RIGHT = ">>"
    BIT_OR = "|"
    BIT_XOR = "^"
    BIT_AND = "&"


class UnaryOperator(Enum):
    """Operators before one operand."""

    PLUS = "+"
    MINUS = "-"
    INVERT = "~"
    NOT = "not"


class ComparisonOperator(Enum):
    """Comparisons, identity and membership."""

    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="
    IS = "is"
    IS_NOT = "is not"
    IN = "in"
    NOT_IN = "not in"


class Conversion(Enum):
    """What an f-string field does to its value before formatting: `!s`, `!r`, `!a` or nothing."""

    NONE = ""
    STR = "s"
    REPR = "r"
    ASCII = "a"


class TypeParameterKind(Enum):
    """The three forms of a PEP 695 type parameter: `T`, `*Ts`, `**P`."""

    TYPE = ""
    TUPLE = "*"
    PARAMETERS = "**"


@dataclass(slots=True, eq=False)
class Node:
    """Anything that stands somewhere in the source."""

    span: Span


# --- expressions ------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class BooleanOperation(Node):
    """`a and b and c`: one node for a run of the same operator."""

    operator: BooleanOperator
    values: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class NamedExpression(Node):
    """`target := value`."""

    target: Name
    value: Expression


@dataclass(slots=True, eq=False)
class BinaryOperation(Node):
    """`left operator right`."""

    left: Expression
    operator: BinaryOperator
    right: Expression


@dataclass(slots=True, eq=False)
class UnaryOperation(Node):
    """`operator operand`."""

    operator: UnaryOperator
    operand: Expression


@dataclass(slots=True, eq=False)
class Lambda(Node):
    """`lambda parameters: body`."""

    parameters: Parameters
    body: Expression


@dataclass(slots=True, eq=False)
class Conditional(Node):
    """`when_true if condition else when_false`."""

    condition: Expression
    when_true: Expression
    when_false: Expression


@dataclass(slots=True, eq=False)
class DictDisplay(Node):
    """`{key: value, **mapping}`: a key of None marks a `**` entry."""

    keys: tuple[Expression | None, ...]
    values: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class SetDisplay(Node):
    """`{a, b}`."""

    elements: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class ListDisplay(Node):
    """`[a, b]`, also as a target."""

    elements: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class TupleDisplay(Node):
    """`a, b`, also as a target."""

    elements: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class ComprehensionClause(Node):
    """`for target in iterable if condition if condition` inside a comprehension."""

    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class ListComprehension(Node):
    """`[element for …]`."""

    element: Expression
    clauses: tuple[ComprehensionClause, ...]


@dataclass(slots=True, eq=False)
class SetComprehension(Node):
    """`{element for …}`."""

    element: Expression
    clauses: tuple[ComprehensionClause, ...]


@dataclass(slots=True, eq=False)
class DictComprehension(Node):
    """`{key: value for …}`."""

    key: Expression
    value: Expression
    clauses: tuple[ComprehensionClause, ...]


@dataclass(slots=True, eq=False)
class GeneratorExpression(Node):
    """`(element for …)`."""

    element: Expression
    clauses: tuple[ComprehensionClause, ...]


@dataclass(slots=True, eq=False)
class Yield(Node):
    """`yield value`; no value yields None."""

    value: Expression | None


@dataclass(slots=True, eq=False)
class YieldFrom(Node):
    """`yield from value`."""

    value: Expression


@dataclass(slots=True, eq=False)
class Comparison(Node):
    """`first operators[0] rest[0] operators[1] rest[1] …`, each operand evaluated at most once."""

    first: Expression
    operators: tuple[ComparisonOperator, ...]
    rest: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class Keyword(Node):
    """`name=value` in a call or class header; a name of None marks `**value`."""

    name: str | None
    value: Expression


@dataclass(slots=True, eq=False)
class Call(Node):
    """`function(*arguments, **keywords)`; an argument may be a `Starred`."""

    function: Expression
    arguments: tuple[Expression, ...]
    keywords: tuple[Keyword, ...]


@dataclass(slots=True, eq=False)
class FormattedValue(Node):
    """One `{value!conversion:specification}` field of an f-string."""

    value: Expression
    conversion: Conversion
    specification: FormattedString | None


@dataclass(slots=True, eq=False)
class FormattedString(Node):
    """An f-string: string `Constant`s and `FormattedValue`s in order."""

    parts: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class Constant(Node):
    """A literal. Test `value is True` and `isinstance(value, bool)` before `int`: bool is an int to Python."""

    value: ConstantValue


@dataclass(slots=True, eq=False)
class Attribute(Node):
    """`value.name`."""

    value: Expression
    name: str

    @property
    def name_span(self) -> Span:
        """The place of the name after the dot (exact for every name that NFKC normalisation leaves alone)."""
        span = self.span
        width = len(self.name.encode("utf-8", "surrogatepass"))
        return Span(span.file, span.end_line, max(0, span.end_column - width), span.end_line, span.end_column)


@dataclass(slots=True, eq=False)
class Subscript(Node):
    """`value[index]`; several indices are one `TupleDisplay`."""

    value: Expression
    index: Expression


@dataclass(slots=True, eq=False)
class Slice(Node):
    """`lower:upper:step`, only inside a subscript's index."""

    lower: Expression | None
    upper: Expression | None
    step: Expression | None


@dataclass(slots=True, eq=False)
class Starred(Node):
    """`*value` in a call, a display or a target."""

    value: Expression


@dataclass(slots=True, eq=False)
class Name(Node):
    """An identifier, read, bound or deleted."""

    identifier: str


Expression = (
    BooleanOperation
    | NamedExpression
    | BinaryOperation
    | UnaryOperation
    | Lambda
    | Conditional
    | DictDisplay
    | SetDisplay
    | ListDisplay
    | TupleDisplay
    | ListComprehension
    | SetComprehension
    | DictComprehension
    | GeneratorExpression
    | Yield
    | YieldFrom
    | Comparison
    | Call
    | FormattedValue
    | FormattedString
    | Constant
    | Attribute
    | Subscript
    | Slice
    | Starred
    | Name
)
Comprehension = ListComprehension | SetComprehension | DictComprehension | GeneratorExpression


# --- parameters -------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Parameter(Node):
    """One parameter with its annotation and default; the span covers name and annotation."""

    name: str
    annotation: Expression | None
    default: Expression | None


@dataclass(slots=True, eq=False)
class Parameters(Node):
    """`positional_only, /, regular, *variadic, keyword_only, **keyword_variadic`."""

    positional_only: tuple[Parameter, ...]
    regular: tuple[Parameter, ...]
    variadic: Parameter | None
    keyword_only: tuple[Parameter, ...]
    keyword_variadic: Parameter | None

    def all(self) -> tuple[Parameter, ...]:
        """Every parameter in the order of the source."""
        variadic = () if self.variadic is None else (self.variadic,)
        keyword_variadic = () if self.keyword_variadic is None else (self.keyword_variadic,)
        return self.positional_only + self.regular + variadic + self.keyword_only + keyword_variadic


@dataclass(slots=True, eq=False)
class TypeParameter(Node):
    """A PEP 695 type parameter; `bound` may be a tuple of constraints, as in Python."""

    name: str
    kind: TypeParameterKind
    bound: Expression | None
    default: Expression | None
