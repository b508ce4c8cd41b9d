"""Recognises `if TYPE_CHECKING:`, the branch that only type checkers take."""

from __future__ import annotations

from compiler.syntax import tree


def is_type_checking(condition: tree.Expression) -> bool:
    """Whether a condition is `TYPE_CHECKING` or `typing.TYPE_CHECKING`."""
    match condition:
        case tree.Name(identifier="TYPE_CHECKING"):
            return True
        case tree.Attribute(value=tree.Name(identifier="typing"), name="TYPE_CHECKING"):
            return True
        case _:
            return False


def is_not_type_checking(condition: tree.Expression) -> bool:
    """Whether a condition is `not TYPE_CHECKING`."""
    match condition:
        case tree.UnaryOperation(operator=tree.UnaryOperator.NOT, operand=operand):
            return is_type_checking(operand)
        case _:
            return False
