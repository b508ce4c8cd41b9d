"""The rule tables: which function checks which kind of node. Nothing else knows them all."""

from __future__ import annotations

from typing import Any

from compiler.check.assignment import check_annotated_assign, check_assign, check_augmented_assign
from compiler.check.attributes import check_attribute
from compiler.check.bodies import ensure_checked
from compiler.check.calls import check_call
from compiler.check.comparisons import check_comparison
from compiler.check.displays import check_conditional, check_list, check_list_comprehension, check_tuple, check_walrus
from compiler.check.exceptions import check_assert, check_raise, check_try, check_with
from compiler.check.loops import check_for, check_while
from compiler.check.matching import check_match
from compiler.check.names import check_constant, check_name
from compiler.check.operators import check_binary, check_unary
from compiler.check.scope import Rules
from compiler.check.statements import (
    check_break,
    check_continue,
    check_expression_statement,
    check_if,
    check_import,
    check_nested_definition,
    check_nothing,
    check_return,
)
from compiler.check.subscripts import check_subscript
from compiler.check.text import check_formatted_string
from compiler.check.truth import check_boolean
from compiler.syntax import tree

EXPRESSION_RULES: dict[type, Any] = {
    tree.Constant: check_constant,
    tree.Name: check_name,
    tree.Attribute: check_attribute,
    tree.Subscript: check_subscript,
    tree.Call: check_call,
    tree.BinaryOperation: check_binary,
    tree.UnaryOperation: check_unary,
    tree.BooleanOperation: check_boolean,
    tree.Comparison: check_comparison,
    tree.Conditional: check_conditional,
    tree.TupleDisplay: check_tuple,
    tree.ListDisplay: check_list,
    tree.ListComprehension: check_list_comprehension,
    tree.NamedExpression: check_walrus,
    tree.FormattedString: check_formatted_string,
}

STATEMENT_RULES: dict[type, Any] = {
    tree.Assign: check_assign,
    tree.AnnotatedAssign: check_annotated_assign,
    tree.AugmentedAssign: check_augmented_assign,
    tree.ExpressionStatement: check_expression_statement,
    tree.If: check_if,
    tree.While: check_while,
    tree.For: check_for,
    tree.Match: check_match,
    tree.Return: check_return,
    tree.Raise: check_raise,
    tree.Try: check_try,
    tree.With: check_with,
    tree.Assert: check_assert,
    tree.Break: check_break,
    tree.Continue: check_continue,
    tree.Pass: check_nothing,
    tree.Global: check_nothing,
    tree.Import: check_import,
    tree.ImportFrom: check_import,
    tree.FunctionDefinition: check_nested_definition,
    tree.ClassDefinition: check_nested_definition,
}

RULES = Rules(EXPRESSION_RULES, STATEMENT_RULES, ensure_checked)
