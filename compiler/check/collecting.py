"""Collects what is iterated into a list, for builtins that need all items at once."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.scope import Scope
from compiler.syntax import tree


def as_list(scope: Scope, node: tree.Expression) -> typed.Expression:
    """Any iterable of this stage as a list: lists as they are, others collected."""
    if isinstance(node, tree.GeneratorExpression):
        node = tree.ListComprehension(node.span, node.element, node.clauses)
    if not isinstance(node, tree.Call):
        value = scope.check(node)
        if scope.world.is_builtin(value.type, "list"):
            return value
    return collected(scope, node)


def collected(scope: Scope, node: tree.Expression) -> typed.Expression:
    """[item for item in node]."""
    name = tree.Name(node.span, ".item")
    clause = tree.ComprehensionClause(node.span, name, node, ())
    return scope.check(tree.ListComprehension(node.span, name, (clause,)))
