"""The tree as Python source that CPython parses back to the same `ast`: the oracle of the syntax stage's tests.

Every operand is parenthesised rather than ranked by precedence, so the text is for machines. An f-string whose parts
need a backslash or every kind of quote cannot be written before Python 3.12; that raises `CannotBeWritten`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from compiler.syntax import tree
from compiler.syntax.unparse_expressions import expression, parameters

_INDENT = "    "


def unparse(module: tree.Module) -> str:
    """Source text of a module."""
    return "\n".join(_block(module.body, "")) + "\n"


def _block(body: Iterable[tree.Statement], indent: str) -> list[str]:
    return [line for statement in body for line in _STATEMENTS[type(statement)](statement, indent)]


def _body(body: tuple[tree.Statement, ...], indent: str) -> list[str]:
    return _block(body, indent + _INDENT)


def _simple(text: Callable[[Any], str]) -> Callable[[Any, str], list[str]]:
    return lambda node, indent: [indent + text(node)]


def _function(node: tree.FunctionDefinition, indent: str) -> list[str]:
    returns = f" -> {expression(node.returns)}" if node.returns is not None else ""
    head = f"def {node.name}{_type_parameters(node.type_parameters)}({parameters(node.parameters)}){returns}:"
    return [*_decorators(node.decorators, indent), indent + head, *_body(node.body, indent)]


def _class(node: tree.ClassDefinition, indent: str) -> list[str]:
    arguments = [*map(expression, node.bases), *map(expression, node.keywords)]
    head = f"class {node.name}{_type_parameters(node.type_parameters)}({', '.join(arguments)}):"
    return [*_decorators(node.decorators, indent), indent + head, *_body(node.body, indent)]


def _decorators(decorators: tuple[tree.Expression, ...], indent: str) -> list[str]:
    return [f"{indent}@{expression(one)}" for one in decorators]


def _type_parameters(nodes: tuple[tree.TypeParameter, ...]) -> str:
    return f"[{', '.join(map(_type_parameter, nodes))}]" if nodes else ""


def _type_parameter(node: tree.TypeParameter) -> str:
    bound = f": {expression(node.bound)}" if node.bound is not None else ""
    default = f" = {expression(node.default)}" if node.default is not None else ""
    return f"{node.kind.value}{node.name}{bound}{default}"


def _after(word: str, *parts: tree.Expression | None, joined: str = ", ") -> str:
    present = [expression(part) for part in parts if part is not None]
    return f"{word} {joined.join(present)}" if present else word


def _annotated(node: tree.AnnotatedAssign) -> str:
    target = expression(node.target)
    if isinstance(node.target, tree.Name) and not node.is_simple:
        target = f"({target})"
    value = f" = {expression(node.value)}" if node.value is not None else ""
    return f"{target}: {expression(node.annotation)}{value}"


def _for(node: tree.For, indent: str) -> list[str]:
    head = f"{indent}for {expression(node.target)} in {expression(node.iterable)}:"
    return [head, *_body(node.body, indent), *_clause("else", node.otherwise, indent)]


def _while(node: tree.While, indent: str) -> list[str]:
    head = f"{indent}while {expression(node.condition)}:"
    return [head, *_body(node.body, indent), *_clause("else", node.otherwise, indent)]


def _if(node: tree.If, indent: str) -> list[str]:
    head = f"{indent}if {expression(node.condition)}:"
    return [head, *_body(node.body, indent), *_clause("else", node.otherwise, indent)]


def _clause(word: str, body: tuple[tree.Statement, ...], indent: str) -> list[str]:
    return [f"{indent}{word}:", *_body(body, indent)] if body else []


def _with(node: tree.With, indent: str) -> list[str]:
    return [f"{indent}with {', '.join(map(_with_item, node.items))}:", *_body(node.body, indent)]


def _with_item(item: tree.WithItem) -> str:
    manager = expression(item.manager)
    return manager if item.target is None else f"{manager} as {expression(item.target)}"


def _match(node: tree.Match, indent: str) -> list[str]:
    lines = [f"{indent}match {expression(node.subject)}:"]
    for case in node.cases:
        guard = f" if {expression(case.guard)}" if case.guard is not None else ""
        lines.append(f"{indent}{_INDENT}case {_pattern(case.pattern)}{guard}:")
        lines.extend(_body(case.body, indent + _INDENT))
    return lines


def _pattern(node: tree.Pattern) -> str:
    match node:
        case tree.ValuePattern():
            return expression(node.value).strip("()") if isinstance(node.value, tree.Constant) else _literal(node.value)
        case tree.SingletonPattern():
            return repr(node.value)
        case tree.SequencePattern():
            return f"[{', '.join(map(_pattern, node.patterns))}]"
        case tree.MappingPattern():
            return _mapping_pattern(node)
        case tree.ClassPattern():
            named = [f"{n}={_pattern(p)}" for n, p in zip(node.keyword_names, node.keyword_patterns, strict=True)]
            return f"{expression(node.class_reference)}({', '.join([*map(_pattern, node.patterns), *named])})"
        case tree.StarPattern():
            return f"*{node.name or '_'}"
        case tree.WildcardPattern():
            return "_"
        case tree.CapturePattern():
            return node.name
        case tree.AsPattern():
            return f"({_pattern(node.pattern)} as {node.name})"
        case tree.OrPattern():
            return f"({' | '.join(map(_pattern, node.patterns))})"


def _mapping_pattern(node: tree.MappingPattern) -> str:
    entries = [f"{_literal(k)}: {_pattern(p)}" for k, p in zip(node.keys, node.patterns, strict=True)]
    return f"{{{', '.join([*entries, *([f'**{node.rest}'] if node.rest else [])])}}}"


def _literal(node: tree.Expression) -> str:
    """A pattern literal: a number may have a sign and an imaginary part but no parentheses."""
    match node:
        case tree.UnaryOperation():
            return f"{node.operator.value}{_literal(node.operand)}"
        case tree.BinaryOperation():
            return f"{_literal(node.left)} {node.operator.value} {_literal(node.right)}"
        case tree.Constant():
            return expression(node).strip("()")
        case _:
            return expression(node)


def _try(node: tree.Try, indent: str) -> list[str]:
    lines = [f"{indent}try:", *_body(node.body, indent)]
    for handler in node.handlers:
        word = "except*" if node.is_group else "except"
        name = f" as {handler.name}" if handler.name is not None else ""
        lines += [f"{indent}{_after(word, handler.kind)}{name}:", *_body(handler.body, indent)]
    return [*lines, *_clause("else", node.otherwise, indent), *_clause("finally", node.final, indent)]


def _alias(alias: tree.ImportAlias) -> str:
    return alias.name if alias.bound_as is None else f"{alias.name} as {alias.bound_as}"


def _import_from(node: tree.ImportFrom) -> str:
    return f"from {'.' * node.level}{node.module or ''} import {', '.join(map(_alias, node.names))}"


def _assign(node: tree.Assign) -> str:
    return " = ".join([*map(expression, node.targets), expression(node.value)])


_STATEMENTS: dict[type, Callable[[Any, str], list[str]]] = {
    tree.FunctionDefinition: _function,
    tree.ClassDefinition: _class,
    tree.For: _for,
    tree.While: _while,
    tree.If: _if,
    tree.With: _with,
    tree.Match: _match,
    tree.Try: _try,
    tree.Return: _simple(lambda node: _after("return", node.value)),
    tree.Delete: _simple(lambda node: _after("del", *node.targets)),
    tree.Assign: _simple(_assign),
    tree.AnnotatedAssign: _simple(_annotated),
    tree.AugmentedAssign: _simple(
        lambda node: f"{expression(node.target)} {node.operator.value}= {expression(node.value)}"
    ),
    tree.TypeAlias: _simple(
        lambda node: f"type {node.name.identifier}{_type_parameters(node.type_parameters)} = {expression(node.value)}"
    ),
    tree.Raise: _simple(lambda node: _after("raise", node.exception, node.cause, joined=" from ")),
    tree.Assert: _simple(lambda node: _after("assert", node.condition, node.message)),
    tree.Import: _simple(lambda node: f"import {', '.join(map(_alias, node.names))}"),
    tree.ImportFrom: _simple(_import_from),
    tree.Global: _simple(lambda node: f"global {', '.join(node.names)}"),
    tree.Nonlocal: _simple(lambda node: f"nonlocal {', '.join(node.names)}"),
    tree.ExpressionStatement: _simple(lambda node: expression(node.value)),
    tree.Pass: _simple(lambda node: "pass"),
    tree.Break: _simple(lambda node: "break"),
    tree.Continue: _simple(lambda node: "continue"),
}
