"""CPython's statement nodes to ours, one function per grammar symbol."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from compiler.diagnostics.span import Span
from compiler.syntax import subset, tree
from compiler.syntax.read_expressions import (
    BINARY_OPERATORS,
    read_all,
    read_expression,
    read_keywords,
    read_name,
    read_optional,
    read_parameters,
)
from compiler.syntax.read_patterns import read_pattern
from compiler.syntax.reader import Reader, ReaderTable


def read_body(reader: Reader, nodes: list[ast.stmt]) -> tuple[tree.Statement, ...]:
    """Copy a block of statements."""
    return tuple([_STATEMENTS[type(node)](reader, node) for node in nodes])


def docstring_of(nodes: list[ast.stmt]) -> str | None:
    """The docstring of a block as written, not cleaned."""
    if nodes and isinstance(first := nodes[0], ast.Expr) and isinstance(first.value, ast.Constant):
        value = first.value.value
        return value if isinstance(value, str) else None
    return None


def _function(reader: Reader, node: ast.FunctionDef) -> tree.FunctionDefinition:
    name_span = reader.definition_name_span(node)
    return tree.FunctionDefinition(
        reader.span(node),
        node.name,
        name_span,
        _type_parameters(reader, node),
        read_parameters(reader, node.args, name_span),
        read_optional(reader, node.returns),
        read_all(reader, node.decorator_list),
        read_body(reader, node.body),
        docstring_of(node.body),
    )


def _async_function(reader: Reader, node: Any) -> tree.FunctionDefinition:
    reader.refuse(subset.ASYNC_FUNCTION, _keyword_span(reader, node, "async def"))
    return _function(reader, node)


def _class(reader: Reader, node: ast.ClassDef) -> tree.ClassDefinition:
    keywords = read_keywords(reader, node.keywords)
    for keyword in keywords:
        if keyword.name == "metaclass":
            reader.refuse(subset.METACLASS, keyword.span)
    body = read_body(reader, node.body)
    _refuse_hooks(reader, body)
    return tree.ClassDefinition(
        reader.span(node),
        node.name,
        reader.definition_name_span(node),
        _type_parameters(reader, node),
        read_all(reader, node.bases),
        keywords,
        read_all(reader, node.decorator_list),
        body,
        docstring_of(node.body),
    )


def _refuse_hooks(reader: Reader, body: tuple[tree.Statement, ...]) -> None:
    for statement in body:
        if isinstance(statement, tree.FunctionDefinition) and statement.name in subset.REFUSED_METHODS:
            reader.refuse(subset.REFUSED_METHODS[statement.name], statement.name_span)


def _type_parameters(reader: Reader, node: Any) -> tuple[tree.TypeParameter, ...]:
    """PEP 695 parameters; a host before Python 3.12 has none."""
    return tuple([_type_parameter(reader, one) for one in getattr(node, "type_params", ())])


def _type_parameter(reader: Reader, node: Any) -> tree.TypeParameter:
    kinds = tree.TypeParameterKind
    kind = {"TypeVarTuple": kinds.TUPLE, "ParamSpec": kinds.PARAMETERS}.get(type(node).__name__, kinds.TYPE)
    bound = read_optional(reader, getattr(node, "bound", None))
    default = read_optional(reader, getattr(node, "default_value", None))
    return tree.TypeParameter(reader.span(node), node.name, kind, bound, default)


def _type_alias(reader: Reader, node: Any) -> tree.TypeAlias:
    parameters = _type_parameters(reader, node)
    return tree.TypeAlias(
        reader.span(node), read_name(reader, node.name), parameters, read_expression(reader, node.value)
    )


def _return(reader: Reader, node: ast.Return) -> tree.Return:
    return tree.Return(reader.span(node), read_optional(reader, node.value))


def _delete(reader: Reader, node: ast.Delete) -> tree.Delete:
    targets = read_all(reader, node.targets)
    _refuse_attribute_targets(reader, targets)
    return tree.Delete(reader.span(node), targets)


def _refuse_attribute_targets(reader: Reader, targets: tuple[tree.Expression, ...]) -> None:
    for target in targets:
        match target:
            case tree.Attribute():
                reader.refuse(subset.DELETE_ATTRIBUTE, target.span)
            case tree.TupleDisplay() | tree.ListDisplay():
                _refuse_attribute_targets(reader, target.elements)
            case _:
                pass


def _assign(reader: Reader, node: ast.Assign) -> tree.Assign:
    return tree.Assign(reader.span(node), read_all(reader, node.targets), read_expression(reader, node.value))


def _annotated_assign(reader: Reader, node: ast.AnnAssign) -> tree.AnnotatedAssign:
    target, annotation = read_expression(reader, node.target), read_expression(reader, node.annotation)
    value = read_optional(reader, node.value)
    return tree.AnnotatedAssign(reader.span(node), target, annotation, value, bool(node.simple))


def _augmented_assign(reader: Reader, node: ast.AugAssign) -> tree.AugmentedAssign:
    target, value = read_expression(reader, node.target), read_expression(reader, node.value)
    return tree.AugmentedAssign(reader.span(node), target, BINARY_OPERATORS[type(node.op)], value)


def _for(reader: Reader, node: ast.For) -> tree.For:
    target, iterable = read_expression(reader, node.target), read_expression(reader, node.iter)
    return tree.For(reader.span(node), target, iterable, read_body(reader, node.body), read_body(reader, node.orelse))


def _async_for(reader: Reader, node: Any) -> tree.For:
    reader.refuse(subset.ASYNC_FOR, _keyword_span(reader, node, "async for"))
    return _for(reader, node)


def _while(reader: Reader, node: ast.While) -> tree.While:
    condition = read_expression(reader, node.test)
    return tree.While(reader.span(node), condition, read_body(reader, node.body), read_body(reader, node.orelse))


def _if(reader: Reader, node: ast.If) -> tree.If:
    condition = read_expression(reader, node.test)
    return tree.If(reader.span(node), condition, read_body(reader, node.body), read_body(reader, node.orelse))


def _with(reader: Reader, node: ast.With) -> tree.With:
    items = tuple([_with_item(reader, item) for item in node.items])
    return tree.With(reader.span(node), items, read_body(reader, node.body))


def _with_item(reader: Reader, node: ast.withitem) -> tree.WithItem:
    manager, target = read_expression(reader, node.context_expr), read_optional(reader, node.optional_vars)
    span = manager.span if target is None else manager.span.to(target.span)
    return tree.WithItem(span, manager, target)


def _async_with(reader: Reader, node: Any) -> tree.With:
    reader.refuse(subset.ASYNC_WITH, _keyword_span(reader, node, "async with"))
    return _with(reader, node)


def _match(reader: Reader, node: ast.Match) -> tree.Match:
    subject = read_expression(reader, node.subject)
    return tree.Match(reader.span(node), subject, tuple([_match_case(reader, case) for case in node.cases]))


def _match_case(reader: Reader, node: ast.match_case) -> tree.MatchCase:
    pattern, guard = read_pattern(reader, node.pattern), read_optional(reader, node.guard)
    span = pattern.span if guard is None else pattern.span.to(guard.span)
    return tree.MatchCase(span, pattern, guard, read_body(reader, node.body))


def _raise(reader: Reader, node: ast.Raise) -> tree.Raise:
    return tree.Raise(reader.span(node), read_optional(reader, node.exc), read_optional(reader, node.cause))


def _try(reader: Reader, node: Any) -> tree.Try:
    return tree.Try(
        reader.span(node),
        read_body(reader, node.body),
        tuple([_handler(reader, handler) for handler in node.handlers]),
        read_body(reader, node.orelse),
        read_body(reader, node.finalbody),
        type(node) is not ast.Try,
    )


def _handler(reader: Reader, node: ast.ExceptHandler) -> tree.ExceptHandler:
    kind = read_optional(reader, node.type)
    return tree.ExceptHandler(reader.span(node), kind, node.name, read_body(reader, node.body))


def _assert(reader: Reader, node: ast.Assert) -> tree.Assert:
    return tree.Assert(reader.span(node), read_expression(reader, node.test), read_optional(reader, node.msg))


def _aliases(reader: Reader, nodes: list[ast.alias]) -> tuple[tree.ImportAlias, ...]:
    return tuple([tree.ImportAlias(reader.span(node), node.name, node.asname) for node in nodes])


def _import(reader: Reader, node: ast.Import) -> tree.Import:
    return tree.Import(reader.span(node), _aliases(reader, node.names))


def _import_from(reader: Reader, node: ast.ImportFrom) -> tree.ImportFrom:
    names = _aliases(reader, node.names)
    if names[0].name == "*":
        reader.refuse(subset.STAR_IMPORT, names[0].span)
        names = ()
    return tree.ImportFrom(reader.span(node), node.module, names, node.level)


def _global(reader: Reader, node: ast.Global) -> tree.Global:
    return tree.Global(reader.span(node), tuple(node.names))


def _nonlocal(reader: Reader, node: ast.Nonlocal) -> tree.Nonlocal:
    return tree.Nonlocal(reader.span(node), tuple(node.names))


def _expression_statement(reader: Reader, node: ast.Expr) -> tree.ExpressionStatement:
    return tree.ExpressionStatement(reader.span(node), read_expression(reader, node.value))


def _pass(reader: Reader, node: ast.Pass) -> tree.Pass:
    return tree.Pass(reader.span(node))


def _break(reader: Reader, node: ast.Break) -> tree.Break:
    return tree.Break(reader.span(node))


def _continue(reader: Reader, node: ast.Continue) -> tree.Continue:
    return tree.Continue(reader.span(node))


def _newer(reader: Reader, node: Any) -> tree.Statement:
    span = reader.span(node)
    reader.refuse(subset.NEWER_SYNTAX, span)
    return tree.Pass(span)


def _keyword_span(reader: Reader, node: Any, words: str) -> Span:
    return Span(reader.file, node.lineno, node.col_offset, node.lineno, node.col_offset + len(words))


_ROWS: dict[type, Callable[[Reader, Any], tree.Statement]] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _async_function,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.Delete: _delete,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated_assign,
    ast.AugAssign: _augmented_assign,
    ast.For: _for,
    ast.AsyncFor: _async_for,
    ast.While: _while,
    ast.If: _if,
    ast.With: _with,
    ast.AsyncWith: _async_with,
    ast.Match: _match,
    ast.Raise: _raise,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Assert: _assert,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Expr: _expression_statement,
    ast.Pass: _pass,
    ast.Break: _break,
    ast.Continue: _continue,
}
if hasattr(ast, "TypeAlias"):  # a host from Python 3.12 on
    _ROWS[ast.TypeAlias] = _type_alias

_STATEMENTS: ReaderTable[tree.Statement] = ReaderTable(_ROWS, _newer)
