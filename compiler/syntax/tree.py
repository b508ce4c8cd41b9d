"""The syntax tree: what a module says, with the place of every part.

The nodes mirror CPython's `ast` under full names, minus what the language refuses for ever (async, await) and minus
expression contexts: a target is a target because of where it stands. Sequences are tuples and nothing assigns to a
node after the parser made it. Nodes compare and hash by identity, so later stages key their findings by node. They
are not `frozen`, because a frozen dataclass takes four times as long to make and a program has very many nodes.
`span` is always the first field.
"""

from __future__ import annotations

from dataclasses import dataclass

from compiler.diagnostics.span import Span
from compiler.syntax.expression_nodes import (
    Attribute,
    BinaryOperation,
    BinaryOperator,
    BooleanOperation,
    BooleanOperator,
    Call,
    Comparison,
    ComparisonOperator,
    Comprehension,
    ComprehensionClause,
    Conditional,
    Constant,
    ConstantValue,
    Conversion,
    DictComprehension,
    DictDisplay,
    Expression,
    FormattedString,
    FormattedValue,
    GeneratorExpression,
    Keyword,
    Lambda,
    ListComprehension,
    ListDisplay,
    Name,
    NamedExpression,
    Node,
    Parameter,
    Parameters,
    SetComprehension,
    SetDisplay,
    Slice,
    Starred,
    Subscript,
    TupleDisplay,
    TypeParameter,
    TypeParameterKind,
    UnaryOperation,
    UnaryOperator,
    Yield,
    YieldFrom,
)

# The other half of the tree, given out again; what this file defines needs no entry.
__all__ = (
    "Attribute",
    "BinaryOperation",
    "BinaryOperator",
    "BooleanOperation",
    "BooleanOperator",
    "Call",
    "Comparison",
    "ComparisonOperator",
    "Comprehension",
    "ComprehensionClause",
    "Conditional",
    "Constant",
    "ConstantValue",
    "Conversion",
    "DictComprehension",
    "DictDisplay",
    "Expression",
    "FormattedString",
    "FormattedValue",
    "GeneratorExpression",
    "Keyword",
    "Lambda",
    "ListComprehension",
    "ListDisplay",
    "Name",
    "NamedExpression",
    "Node",
    "Parameter",
    "Parameters",
    "SetComprehension",
    "SetDisplay",
    "Slice",
    "Starred",
    "Subscript",
    "TupleDisplay",
    "TypeParameter",
    "TypeParameterKind",
    "UnaryOperation",
    "UnaryOperator",
    "Yield",
    "YieldFrom",
)

# --- patterns ---------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class ValuePattern(Node):
    """Matches by `==`: a literal or a dotted name."""

    value: Expression


@dataclass(slots=True, eq=False)
class SingletonPattern(Node):
    """Matches by `is`: None, True or False."""

    value: bool | None


@dataclass(slots=True, eq=False)
class SequencePattern(Node):
    """`[a, b, *rest]`."""

    patterns: tuple[Pattern, ...]


@dataclass(slots=True, eq=False)
class MappingPattern(Node):
    """`{key: pattern, **rest}`."""

    keys: tuple[Expression, ...]
    patterns: tuple[Pattern, ...]
    rest: str | None


@dataclass(slots=True, eq=False)
class ClassPattern(Node):
    """`Class(patterns, name=pattern)`."""

    class_reference: Expression
    patterns: tuple[Pattern, ...]
    keyword_names: tuple[str, ...]
    keyword_patterns: tuple[Pattern, ...]


@dataclass(slots=True, eq=False)
class StarPattern(Node):
    """`*name` inside a sequence pattern; None for `*_`."""

    name: str | None


@dataclass(slots=True, eq=False)
class WildcardPattern(Node):
    """`_`: matches anything, binds nothing."""


@dataclass(slots=True, eq=False)
class CapturePattern(Node):
    """`name`: matches anything and binds it."""

    name: str


@dataclass(slots=True, eq=False)
class AsPattern(Node):
    """`pattern as name`."""

    pattern: Pattern
    name: str


@dataclass(slots=True, eq=False)
class OrPattern(Node):
    """`a | b`."""

    patterns: tuple[Pattern, ...]


Pattern = (
    ValuePattern
    | SingletonPattern
    | SequencePattern
    | MappingPattern
    | ClassPattern
    | StarPattern
    | WildcardPattern
    | CapturePattern
    | AsPattern
    | OrPattern
)


# --- statements -------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class FunctionDefinition(Node):
    """`def name[type_parameters](parameters) -> returns: body`; the span starts at `def`, not at the decorators.

    The docstring statement stays in `body`.
    """

    name: str
    name_span: Span
    type_parameters: tuple[TypeParameter, ...]
    parameters: Parameters
    returns: Expression | None
    decorators: tuple[Expression, ...]
    body: tuple[Statement, ...]
    docstring: str | None


@dataclass(slots=True, eq=False)
class ClassDefinition(Node):
    """`class name[type_parameters](bases, keywords): body`; the span starts at `class`."""

    name: str
    name_span: Span
    type_parameters: tuple[TypeParameter, ...]
    bases: tuple[Expression, ...]
    keywords: tuple[Keyword, ...]
    decorators: tuple[Expression, ...]
    body: tuple[Statement, ...]
    docstring: str | None


@dataclass(slots=True, eq=False)
class Return(Node):
    """`return value`."""

    value: Expression | None


@dataclass(slots=True, eq=False)
class Delete(Node):
    """`del targets`."""

    targets: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class Assign(Node):
    """`targets[0] = targets[1] = value`."""

    targets: tuple[Expression, ...]
    value: Expression


@dataclass(slots=True, eq=False)
class AnnotatedAssign(Node):
    """`target: annotation = value`; `is_simple` when the target is a bare name, which then is declared."""

    target: Expression
    annotation: Expression
    value: Expression | None
    is_simple: bool


@dataclass(slots=True, eq=False)
class AugmentedAssign(Node):
    """`target operator= value`."""

    target: Expression
    operator: BinaryOperator
    value: Expression


@dataclass(slots=True, eq=False)
class TypeAlias(Node):
    """`type name[type_parameters] = value` (PEP 695)."""

    name: Name
    type_parameters: tuple[TypeParameter, ...]
    value: Expression


@dataclass(slots=True, eq=False)
class For(Node):
    """`for target in iterable: body else: otherwise`."""

    target: Expression
    iterable: Expression
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class While(Node):
    """`while condition: body else: otherwise`."""

    condition: Expression
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class If(Node):
    """`if condition: body else: otherwise`; `elif` is an `If` alone in `otherwise`."""

    condition: Expression
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class WithItem(Node):
    """`manager as target`."""

    manager: Expression
    target: Expression | None


@dataclass(slots=True, eq=False)
class With(Node):
    """`with items: body`."""

    items: tuple[WithItem, ...]
    body: tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class MatchCase(Node):
    """`case pattern if guard: body`."""

    pattern: Pattern
    guard: Expression | None
    body: tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class Match(Node):
    """`match subject: cases`."""

    subject: Expression
    cases: tuple[MatchCase, ...]


@dataclass(slots=True, eq=False)
class Raise(Node):
    """`raise exception from cause`; no exception re-raises."""

    exception: Expression | None
    cause: Expression | None


@dataclass(slots=True, eq=False)
class ExceptHandler(Node):
    """`except kind as name: body`; a kind of None catches everything."""

    kind: Expression | None
    name: str | None
    body: tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class Try(Node):
    """`try: body except …: else: otherwise finally: final`; `is_group` for `except*`."""

    body: tuple[Statement, ...]
    handlers: tuple[ExceptHandler, ...]
    otherwise: tuple[Statement, ...]
    final: tuple[Statement, ...]
    is_group: bool


@dataclass(slots=True, eq=False)
class Assert(Node):
    """`assert condition, message`."""

    condition: Expression
    message: Expression | None


@dataclass(slots=True, eq=False)
class ImportAlias(Node):
    """`name as bound_as` in an import; `name` is dotted in `import a.b`."""

    name: str
    bound_as: str | None


@dataclass(slots=True, eq=False)
class Import(Node):
    """`import names`."""

    names: tuple[ImportAlias, ...]


@dataclass(slots=True, eq=False)
class ImportFrom(Node):
    """`from module import names` with `level` leading dots; `module` is None in `from . import x`."""

    module: str | None
    names: tuple[ImportAlias, ...]
    level: int


@dataclass(slots=True, eq=False)
class Global(Node):
    """`global names`."""

    names: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Nonlocal(Node):
    """`nonlocal names`."""

    names: tuple[str, ...]


@dataclass(slots=True, eq=False)
class ExpressionStatement(Node):
    """An expression evaluated for its effect."""

    value: Expression


@dataclass(slots=True, eq=False)
class Pass(Node):
    """`pass`."""


@dataclass(slots=True, eq=False)
class Break(Node):
    """`break`."""


@dataclass(slots=True, eq=False)
class Continue(Node):
    """`continue`."""


Statement = (
    FunctionDefinition
    | ClassDefinition
    | Return
    | Delete
    | Assign
    | AnnotatedAssign
    | AugmentedAssign
    | TypeAlias
    | For
    | While
    | If
    | With
    | Match
    | Raise
    | Try
    | Assert
    | Import
    | ImportFrom
    | Global
    | Nonlocal
    | ExpressionStatement
    | Pass
    | Break
    | Continue
)


@dataclass(slots=True, eq=False)
class Module(Node):
    """One source file: `name` is dotted, `path` is what spans carry, `source` the decoded text for excerpts."""

    name: str
    path: str
    body: tuple[Statement, ...]
    docstring: str | None
    source: str
