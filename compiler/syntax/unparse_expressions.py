"""Expressions as source text, each inside parentheses where a neighbour could pull it apart (see `unparse`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compiler.syntax import tree

_QUOTES = ('"', "'", '"""', "'''")


class CannotBeWritten(Exception):
    """An f-string that has no spelling before Python 3.12."""


def expression(node: tree.Node) -> str:
    """Source text of one expression, keyword or comprehension clause."""
    return _EXPRESSIONS[type(node)](node)


def _list(nodes: tuple[tree.Expression, ...]) -> str:
    return ", ".join(map(expression, nodes))


def _constant(node: tree.Constant) -> str:
    if node.value is ...:
        return "..."
    if isinstance(node.value, int | float | complex):
        return f"({repr(node.value).replace('inf', '1e309')})"  # infinity is spelt as a literal that overflows
    return repr(node.value)


def _tuple(node: tree.TupleDisplay) -> str:
    return f"({_list(node.elements)}{',' if len(node.elements) == 1 else ''})"


def _dict(node: tree.DictDisplay) -> str:
    pairs = zip(node.keys, node.values, strict=True)
    return f"{{{', '.join(_entry(key, value) for key, value in pairs)}}}"


def _entry(key: tree.Expression | None, value: tree.Expression) -> str:
    return f"**{expression(value)}" if key is None else f"{expression(key)}: {expression(value)}"


def _comparison(node: tree.Comparison) -> str:
    pairs = zip(node.operators, node.rest, strict=True)
    return f"({expression(node.first)}{''.join(f' {one.value} {expression(other)}' for one, other in pairs)})"


def _clauses(clauses: tuple[tree.ComprehensionClause, ...]) -> str:
    return " ".join(map(_clause, clauses))


def _clause(clause: tree.ComprehensionClause) -> str:
    conditions = "".join(f" if {expression(one)}" for one in clause.conditions)
    return f"for {expression(clause.target)} in {expression(clause.iterable)}{conditions}"


def _comprehension(left: str, right: str) -> Callable[[Any], str]:
    return lambda node: f"{left}{expression(node.element)} {_clauses(node.clauses)}{right}"


def _dict_comprehension(node: tree.DictComprehension) -> str:
    return f"{{{expression(node.key)}: {expression(node.value)} {_clauses(node.clauses)}}}"


def _conditional(node: tree.Conditional) -> str:
    return f"({expression(node.when_true)} if {expression(node.condition)} else {expression(node.when_false)})"


def _boolean(node: tree.BooleanOperation) -> str:
    return f"({f' {node.operator.value} '.join(map(expression, node.values))})"


def _call(node: tree.Call) -> str:
    arguments = [*map(expression, node.arguments), *map(expression, node.keywords)]
    return f"{expression(node.function)}({', '.join(arguments)})"


def _keyword(node: tree.Keyword) -> str:
    return f"**{expression(node.value)}" if node.name is None else f"{node.name}={expression(node.value)}"


def _subscript(node: tree.Subscript) -> str:
    index = node.index
    inside = _list(index.elements) if isinstance(index, tree.TupleDisplay) and _has_slice(index) else expression(index)
    comma = "," if isinstance(index, tree.TupleDisplay) and _has_slice(index) else ""
    return f"{expression(node.value)}[{inside}{comma}]"


def _has_slice(node: tree.TupleDisplay) -> bool:
    return any(isinstance(one, tree.Slice) for one in node.elements)


def _slice(node: tree.Slice) -> str:
    lower, upper, step = ("" if one is None else expression(one) for one in (node.lower, node.upper, node.step))
    return f"{lower}:{upper}:{step}" if step else f"{lower}:{upper}"


def _yield(node: tree.Yield) -> str:
    return "(yield)" if node.value is None else f"(yield {expression(node.value)})"


def _attribute(node: tree.Attribute) -> str:
    return f"{expression(node.value)}.{node.name}"


def _lambda(node: tree.Lambda) -> str:
    return f"(lambda {parameters(node.parameters)}: {expression(node.body)})"


def parameters(node: tree.Parameters) -> str:
    """A parameter list without its parentheses."""
    parts = [_parameter(one) for one in node.positional_only]
    if parts:
        parts.append("/")
    parts += [_parameter(one) for one in node.regular]
    if node.variadic is not None:
        parts.append("*" + _parameter(node.variadic))
    elif node.keyword_only:
        parts.append("*")
    parts += [_parameter(one) for one in node.keyword_only]
    if node.keyword_variadic is not None:
        parts.append("**" + _parameter(node.keyword_variadic))
    return ", ".join(parts)


def _parameter(node: tree.Parameter) -> str:
    annotation = f": {expression(node.annotation)}" if node.annotation is not None else ""
    default = f" = {expression(node.default)}" if node.default is not None else ""
    return f"{node.name}{annotation}{default}"


def _formatted_string(node: tree.FormattedString) -> str:
    for quote in _QUOTES:
        text = _parts(node, quote)
        if text is not None:
            return f"f{quote}{text}{quote}"
    raise CannotBeWritten(str(node.span))


def _parts(node: tree.FormattedString, quote: str) -> str | None:
    """The inside of an f-string between these quotes, or None when they or a backslash stand in a field."""
    pieces: list[str] = []
    for part in node.parts:
        if isinstance(part, tree.Constant):
            pieces.append(_escaped(str(part.value)))
            continue
        assert isinstance(part, tree.FormattedValue)
        field = _field(part, quote)
        if field is None:
            return None
        pieces.append(field)
    return "".join(pieces)


def _escaped(text: str) -> str:
    escaped = text.encode("unicode_escape").decode("ascii").replace('"', "\\x22").replace("'", "\\x27")
    return escaped.replace("{", "{{").replace("}", "}}")


def _field(node: tree.FormattedValue, quote: str) -> str | None:
    value = expression(node.value)
    if quote[0] in value or "\\" in value or "#" in value:
        return None
    conversion = f"!{node.conversion.value}" if node.conversion is not tree.Conversion.NONE else ""
    if node.specification is None:
        return f"{{ {value}{conversion}}}"
    inside = _parts(node.specification, quote)
    return None if inside is None else f"{{ {value}{conversion}:{inside}}}"


_EXPRESSIONS: dict[type, Callable[[Any], str]] = {
    tree.Name: lambda node: node.identifier,
    tree.Constant: _constant,
    tree.Attribute: _attribute,
    tree.Call: _call,
    tree.Keyword: _keyword,
    tree.BooleanOperation: _boolean,
    tree.NamedExpression: lambda node: f"({node.target.identifier} := {expression(node.value)})",
    tree.BinaryOperation: lambda node: f"({expression(node.left)} {node.operator.value} {expression(node.right)})",
    tree.UnaryOperation: lambda node: f"({node.operator.value} {expression(node.operand)})",
    tree.Comparison: _comparison,
    tree.Lambda: _lambda,
    tree.Conditional: _conditional,
    tree.DictDisplay: _dict,
    tree.SetDisplay: lambda node: f"{{{_list(node.elements)}}}",
    tree.ListDisplay: lambda node: f"[{_list(node.elements)}]",
    tree.TupleDisplay: _tuple,
    tree.ListComprehension: _comprehension("[", "]"),
    tree.SetComprehension: _comprehension("{", "}"),
    tree.GeneratorExpression: _comprehension("(", ")"),
    tree.DictComprehension: _dict_comprehension,
    tree.Yield: _yield,
    tree.YieldFrom: lambda node: f"(yield from {expression(node.value)})",
    tree.FormattedString: _formatted_string,
    tree.Subscript: _subscript,
    tree.Slice: _slice,
    tree.Starred: lambda node: f"*{expression(node.value)}",
}
