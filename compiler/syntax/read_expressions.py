"""CPython's expression nodes to ours, one function per grammar symbol."""

from __future__ import annotations

import ast
from typing import Any

from compiler.diagnostics.span import Span
from compiler.syntax import subset, tree
from compiler.syntax.reader import Reader, ReaderTable

BINARY_OPERATORS: dict[type, tree.BinaryOperator] = {
    ast.Add: tree.BinaryOperator.ADD,
    ast.Sub: tree.BinaryOperator.SUBTRACT,
    ast.Mult: tree.BinaryOperator.MULTIPLY,
    ast.MatMult: tree.BinaryOperator.MATRIX_MULTIPLY,
    ast.Div: tree.BinaryOperator.DIVIDE,
    ast.FloorDiv: tree.BinaryOperator.FLOOR_DIVIDE,
    ast.Mod: tree.BinaryOperator.MODULO,
    ast.Pow: tree.BinaryOperator.POWER,
    ast.LShift: tree.BinaryOperator.SHIFT_LEFT,
    ast.RShift: tree.BinaryOperator.SHIFT_RIGHT,
    ast.BitOr: tree.BinaryOperator.BIT_OR,
    ast.BitXor: tree.BinaryOperator.BIT_XOR,
    ast.BitAnd: tree.BinaryOperator.BIT_AND,
}
_UNARY_OPERATORS: dict[type, tree.UnaryOperator] = {
    ast.UAdd: tree.UnaryOperator.PLUS,
    ast.USub: tree.UnaryOperator.MINUS,
    ast.Invert: tree.UnaryOperator.INVERT,
    ast.Not: tree.UnaryOperator.NOT,
}
_COMPARISON_OPERATORS: dict[type, tree.ComparisonOperator] = {
    ast.Eq: tree.ComparisonOperator.EQUAL,
    ast.NotEq: tree.ComparisonOperator.NOT_EQUAL,
    ast.Lt: tree.ComparisonOperator.LESS,
    ast.LtE: tree.ComparisonOperator.LESS_EQUAL,
    ast.Gt: tree.ComparisonOperator.GREATER,
    ast.GtE: tree.ComparisonOperator.GREATER_EQUAL,
    ast.Is: tree.ComparisonOperator.IS,
    ast.IsNot: tree.ComparisonOperator.IS_NOT,
    ast.In: tree.ComparisonOperator.IN,
    ast.NotIn: tree.ComparisonOperator.NOT_IN,
}
_CONVERSIONS = {
    -1: tree.Conversion.NONE,
    ord("s"): tree.Conversion.STR,
    ord("r"): tree.Conversion.REPR,
    ord("a"): tree.Conversion.ASCII,
}


def read_expression(reader: Reader, node: ast.expr) -> tree.Expression:
    """Copy one expression."""
    return _EXPRESSIONS[type(node)](reader, node)


def read_optional(reader: Reader, node: ast.expr | None) -> tree.Expression | None:
    """Copy an expression that may be missing."""
    return None if node is None else _EXPRESSIONS[type(node)](reader, node)


def read_all(reader: Reader, nodes: list[ast.expr]) -> tuple[tree.Expression, ...]:
    """Copy a list of expressions."""
    return tuple([_EXPRESSIONS[type(node)](reader, node) for node in nodes])


def read_name(reader: Reader, node: ast.Name) -> tree.Name:
    """A name; kept flat because every third node is one."""
    span = Span(reader.file, node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)
    return tree.Name(span, node.id)


def _attribute(reader: Reader, node: ast.Attribute) -> tree.Attribute:
    value = _EXPRESSIONS[type(node.value)](reader, node.value)
    return tree.Attribute(reader.span(node), value, node.attr)


def _constant(reader: Reader, node: ast.Constant) -> tree.Constant:
    return tree.Constant(reader.span(node), node.value)


def _call(reader: Reader, node: ast.Call) -> tree.Call:
    function = _EXPRESSIONS[type(node.func)](reader, node.func)
    return tree.Call(reader.span(node), function, read_all(reader, node.args), read_keywords(reader, node.keywords))


def read_keywords(reader: Reader, nodes: list[ast.keyword]) -> tuple[tree.Keyword, ...]:
    """The keyword arguments of a call or class header."""
    return tuple([tree.Keyword(reader.span(node), node.arg, read_expression(reader, node.value)) for node in nodes])


def _boolean_operation(reader: Reader, node: ast.BoolOp) -> tree.BooleanOperation:
    operator = tree.BooleanOperator.AND if isinstance(node.op, ast.And) else tree.BooleanOperator.OR
    return tree.BooleanOperation(reader.span(node), operator, read_all(reader, node.values))


def _named_expression(reader: Reader, node: ast.NamedExpr) -> tree.NamedExpression:
    return tree.NamedExpression(reader.span(node), read_name(reader, node.target), read_expression(reader, node.value))


def _binary_operation(reader: Reader, node: ast.BinOp) -> tree.BinaryOperation:
    left = _EXPRESSIONS[type(node.left)](reader, node.left)
    right = _EXPRESSIONS[type(node.right)](reader, node.right)
    return tree.BinaryOperation(reader.span(node), left, BINARY_OPERATORS[type(node.op)], right)


def _unary_operation(reader: Reader, node: ast.UnaryOp) -> tree.UnaryOperation:
    operand = _EXPRESSIONS[type(node.operand)](reader, node.operand)
    return tree.UnaryOperation(reader.span(node), _UNARY_OPERATORS[type(node.op)], operand)


def _comparison(reader: Reader, node: ast.Compare) -> tree.Comparison:
    operators = tuple([_COMPARISON_OPERATORS[type(operator)] for operator in node.ops])
    first = read_expression(reader, node.left)
    return tree.Comparison(reader.span(node), first, operators, read_all(reader, node.comparators))


def _lambda(reader: Reader, node: ast.Lambda) -> tree.Lambda:
    span = reader.span(node)
    parameters = read_parameters(reader, node.args, span.start())
    return tree.Lambda(span, parameters, read_expression(reader, node.body))


def _conditional(reader: Reader, node: ast.IfExp) -> tree.Conditional:
    condition = read_expression(reader, node.test)
    when_true = read_expression(reader, node.body)
    return tree.Conditional(reader.span(node), condition, when_true, read_expression(reader, node.orelse))


def _dict(reader: Reader, node: ast.Dict) -> tree.DictDisplay:
    keys = tuple([read_optional(reader, key) for key in node.keys])
    return tree.DictDisplay(reader.span(node), keys, read_all(reader, node.values))


def _set(reader: Reader, node: ast.Set) -> tree.SetDisplay:
    return tree.SetDisplay(reader.span(node), read_all(reader, node.elts))


def _list(reader: Reader, node: ast.List) -> tree.ListDisplay:
    return tree.ListDisplay(reader.span(node), read_all(reader, node.elts))


def _tuple(reader: Reader, node: ast.Tuple) -> tree.TupleDisplay:
    return tree.TupleDisplay(reader.span(node), read_all(reader, node.elts))


def _clause(reader: Reader, node: ast.comprehension) -> tree.ComprehensionClause:
    target = read_expression(reader, node.target)
    iterable = read_expression(reader, node.iter)
    conditions = read_all(reader, node.ifs)
    span = target.span.to(conditions[-1].span if conditions else iterable.span)
    if node.is_async:
        reader.refuse(subset.ASYNC_COMPREHENSION, span)
    return tree.ComprehensionClause(span, target, iterable, conditions)


def _clauses(reader: Reader, nodes: list[ast.comprehension]) -> tuple[tree.ComprehensionClause, ...]:
    return tuple([_clause(reader, node) for node in nodes])


def _list_comprehension(reader: Reader, node: ast.ListComp) -> tree.ListComprehension:
    element = read_expression(reader, node.elt)
    return tree.ListComprehension(reader.span(node), element, _clauses(reader, node.generators))


def _set_comprehension(reader: Reader, node: ast.SetComp) -> tree.SetComprehension:
    element = read_expression(reader, node.elt)
    return tree.SetComprehension(reader.span(node), element, _clauses(reader, node.generators))


def _generator_expression(reader: Reader, node: ast.GeneratorExp) -> tree.GeneratorExpression:
    element = read_expression(reader, node.elt)
    return tree.GeneratorExpression(reader.span(node), element, _clauses(reader, node.generators))


def _dict_comprehension(reader: Reader, node: ast.DictComp) -> tree.DictComprehension:
    key, value = read_expression(reader, node.key), read_expression(reader, node.value)
    return tree.DictComprehension(reader.span(node), key, value, _clauses(reader, node.generators))


def _yield(reader: Reader, node: ast.Yield) -> tree.Yield:
    return tree.Yield(reader.span(node), read_optional(reader, node.value))


def _yield_from(reader: Reader, node: ast.YieldFrom) -> tree.YieldFrom:
    return tree.YieldFrom(reader.span(node), read_expression(reader, node.value))


def _await(reader: Reader, node: ast.Await) -> tree.Expression:
    reader.refuse(subset.AWAIT, reader.span(node))
    return read_expression(reader, node.value)


def _formatted_value(reader: Reader, node: ast.FormattedValue) -> tree.FormattedValue:
    value = read_expression(reader, node.value)
    specification = _format_specification(reader, node.format_spec) if node.format_spec is not None else None
    return tree.FormattedValue(reader.span(node), value, _CONVERSIONS[node.conversion], specification)


def _format_specification(reader: Reader, node: ast.expr) -> tree.FormattedString:
    if isinstance(node, ast.JoinedStr):
        return _formatted_string(reader, node)
    return tree.FormattedString(reader.span(node), (read_expression(reader, node),))


def _formatted_string(reader: Reader, node: ast.JoinedStr) -> tree.FormattedString:
    return tree.FormattedString(reader.span(node), read_all(reader, node.values))


def _subscript(reader: Reader, node: ast.Subscript) -> tree.Subscript:
    value = read_expression(reader, node.value)
    return tree.Subscript(reader.span(node), value, read_expression(reader, node.slice))


def _slice(reader: Reader, node: ast.Slice) -> tree.Slice:
    lower, upper = read_optional(reader, node.lower), read_optional(reader, node.upper)
    return tree.Slice(reader.span(node), lower, upper, read_optional(reader, node.step))


def _starred(reader: Reader, node: ast.Starred) -> tree.Starred:
    return tree.Starred(reader.span(node), read_expression(reader, node.value))


def _newer(reader: Reader, node: Any) -> tree.Expression:
    span = reader.span(node)
    reader.refuse(subset.NEWER_SYNTAX, span)
    return tree.Constant(span, None)


def read_parameters(reader: Reader, node: ast.arguments, without_any: Span) -> tree.Parameters:
    """The parameters of a `def` or lambda; `without_any` is their place when there are none."""
    positional = node.posonlyargs + node.args
    missing = len(positional) - len(node.defaults)
    defaults: list[ast.expr | None] = [None] * missing + list(node.defaults)
    read = [_parameter(reader, one, default) for one, default in zip(positional, defaults, strict=True)]
    split = len(node.posonlyargs)
    variadic = _parameter(reader, node.vararg, None) if node.vararg else None
    keyword_only = [_parameter(reader, a, d) for a, d in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
    keyword_variadic = _parameter(reader, node.kwarg, None) if node.kwarg else None
    result = tree.Parameters(
        without_any, tuple(read[:split]), tuple(read[split:]), variadic, tuple(keyword_only), keyword_variadic
    )
    every = result.all()
    if every:
        result.span = every[0].span.to(every[-1].span)
    return result


def _parameter(reader: Reader, node: ast.arg, default: ast.expr | None) -> tree.Parameter:
    annotation = read_optional(reader, node.annotation)
    return tree.Parameter(reader.span(node), node.arg, annotation, read_optional(reader, default))


_EXPRESSIONS: ReaderTable[tree.Expression] = ReaderTable(
    {
        ast.Name: read_name,
        ast.Attribute: _attribute,
        ast.Constant: _constant,
        ast.Call: _call,
        ast.BoolOp: _boolean_operation,
        ast.NamedExpr: _named_expression,
        ast.BinOp: _binary_operation,
        ast.UnaryOp: _unary_operation,
        ast.Compare: _comparison,
        ast.Lambda: _lambda,
        ast.IfExp: _conditional,
        ast.Dict: _dict,
        ast.Set: _set,
        ast.List: _list,
        ast.Tuple: _tuple,
        ast.ListComp: _list_comprehension,
        ast.SetComp: _set_comprehension,
        ast.GeneratorExp: _generator_expression,
        ast.DictComp: _dict_comprehension,
        ast.Yield: _yield,
        ast.YieldFrom: _yield_from,
        ast.Await: _await,
        ast.FormattedValue: _formatted_value,
        ast.JoinedStr: _formatted_string,
        ast.Subscript: _subscript,
        ast.Slice: _slice,
        ast.Starred: _starred,
    },
    _newer,
)
