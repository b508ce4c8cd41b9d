"""Writes the implicit conversions that the checker found into CPython's tree of the same source.

The tree is CPython's own, so every position, and with it every traceback, stays that of the source. An expression
that the language adapts to a width becomes a call of that width; `range` over a width becomes a range of it. The
names called are imported at the top of the module under dunder names, which no user's name may be and which a class
body does not mangle.
"""

from __future__ import annotations

import ast
import warnings
from types import CodeType
from typing import Final

from compiler.hosted.findings import INT, RANGE, Findings, Place

SUPPORT_MODULE: Final = "runtime.host.conversions"
RANGE_CLASS: Final = "WidthRange"
TO_INT: Final = "to_int"
UNPLACED: Final = (ast.JoinedStr, ast.FormattedValue, ast.Starred)
"""Nodes that may share their place with another expression and are never an integer themselves."""


def rewritten_code(source: str | bytes, filename: str, findings: Findings) -> CodeType:
    """The code object of a module with its conversions; `filename` is what tracebacks show."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what CPython warns about was the checker's to judge
        tree = rewrite(source, filename, findings)
        return compile(tree, filename, "exec", dont_inherit=True)


def rewrite(source: str | bytes, filename: str, findings: Findings) -> ast.Module:
    """CPython's tree of `source` with the conversions of `findings` written in."""
    tree = ast.parse(source, filename)
    if findings:
        writer = _Writer(findings)
        writer.visit(tree)
        if writer.used:
            tree.body.insert(first_statement(tree), support_import(writer.used))
    return tree


def reserved(name: str) -> str:
    """The name under which a rewritten module knows a part of the support module."""
    return f"__pyc_{name}__"


def support_import(names: set[str]) -> ast.ImportFrom:
    start = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}
    aliases = [ast.alias(name, reserved(name), **start) for name in sorted(names)]
    return ast.ImportFrom(SUPPORT_MODULE, aliases, 0, **start)


def first_statement(tree: ast.Module) -> int:
    """The first position at which Python lets an import stand: after the docstring and `from __future__`."""
    position = 1 if ast.get_docstring(tree, clean=False) is not None else 0
    while position < len(tree.body) and is_future_import(tree.body[position]):
        position += 1
    return position


def is_future_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


class _Writer(ast.NodeTransformer):
    """Wraps the expressions whose place is in the findings; inner ones before outer ones."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.used: set[str] = set()

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.MatchValue | ast.MatchSingleton):
            return node  # a pattern is compared, never converted, and may not be a call
        if isinstance(node, ast.AnnAssign | ast.arg):
            return self.without_annotation(node)
        made = super().visit(node)
        if isinstance(node, ast.expr) and not isinstance(node, UNPLACED) and is_read(node):
            assert isinstance(made, ast.expr)
            how = self.findings.get(place_of(node))
            return made if how is None else self.converted(made, how)
        assert isinstance(made, ast.AST)
        return made

    def without_annotation(self, node: ast.AnnAssign | ast.arg) -> ast.AST:
        """An annotation holds no value of the program."""
        if isinstance(node, ast.AnnAssign):
            target = self.visit(node.target)
            assert isinstance(target, ast.Name | ast.Attribute | ast.Subscript)
            node.target = target
            if node.value is not None:
                value = self.visit(node.value)
                assert isinstance(value, ast.expr)
                node.value = value
        return node

    def converted(self, node: ast.expr, how: str) -> ast.expr:
        if not how.startswith(RANGE):
            return self.call(TO_INT if how == INT else how, [node], node)
        if not isinstance(node, ast.Call) or node.keywords:
            return node
        return self.call(RANGE_CLASS, [self.name(how.removeprefix(RANGE), node), *node.args], node)

    def call(self, name: str, arguments: list[ast.expr], place: ast.expr) -> ast.expr:
        return ast.copy_location(ast.Call(self.name(name, place), arguments, []), place)

    def name(self, name: str, place: ast.expr) -> ast.expr:
        self.used.add(name)
        return ast.copy_location(ast.Name(reserved(name), ast.Load()), place)


def place_of(node: ast.expr) -> Place:
    return Place(node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)


def is_read(node: ast.expr) -> bool:
    """Whether the expression is evaluated for its value, not stored to."""
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
