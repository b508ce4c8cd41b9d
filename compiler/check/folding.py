"""Folds constant expressions of the syntax tree where a declaration needs a number before anything is checked
(enum values, array lengths, decorator arguments): literals, module constants, arithmetic."""

from __future__ import annotations

import operator
from collections.abc import Callable

from compiler.check.annotations import AnnotationReader
from compiler.check.declarations import VocabularySymbol
from compiler.check.world import GlobalDeclaration
from compiler.syntax import tree
from compiler.type_system.kinds import StructInfo

Constant = int | str | float | bytes | bool | None

BIT_LIMIT = 4096
OPERATORS: dict[tree.BinaryOperator, Callable[[int, int], int]] = {
    tree.BinaryOperator.ADD: operator.add,
    tree.BinaryOperator.SUBTRACT: operator.sub,
    tree.BinaryOperator.MULTIPLY: operator.mul,
    tree.BinaryOperator.FLOOR_DIVIDE: operator.floordiv,
    tree.BinaryOperator.MODULO: operator.mod,
    tree.BinaryOperator.SHIFT_LEFT: operator.lshift,
    tree.BinaryOperator.SHIFT_RIGHT: operator.rshift,
    tree.BinaryOperator.BIT_AND: operator.and_,
    tree.BinaryOperator.BIT_OR: operator.or_,
    tree.BinaryOperator.BIT_XOR: operator.xor,
}


def fold_node(reader: AnnotationReader, node: tree.Expression) -> Constant:
    """The value of a constant expression, or None when it is not one."""
    match node:
        case tree.Constant(value=int() | str() | float() | bytes() as value):
            return value
        case tree.UnaryOperation(operator=sign, operand=operand):
            return fold_unary(sign, fold_node(reader, operand))
        case tree.BinaryOperation(left=left, operator=symbol, right=right):
            return fold_binary(symbol, fold_node(reader, left), fold_node(reader, right))
        case tree.Name() | tree.Attribute():
            return fold_name(reader, node)
        case tree.Call(function=function, arguments=(argument,)):
            return fold_call(reader, function, argument)
    return None


def fold_unary(sign: tree.UnaryOperator, operand: Constant) -> Constant:
    if isinstance(operand, int) and not isinstance(operand, bool):
        if sign is tree.UnaryOperator.MINUS:
            return -operand
        if sign is tree.UnaryOperator.INVERT:
            return ~operand
        if sign is tree.UnaryOperator.PLUS:
            return operand
    return None


def fold_binary(symbol: tree.BinaryOperator, left: Constant, right: Constant) -> Constant:
    if not isinstance(left, int) or not isinstance(right, int) or symbol not in OPERATORS:
        return None
    if symbol in (tree.BinaryOperator.SHIFT_LEFT, tree.BinaryOperator.SHIFT_RIGHT) and not 0 <= right < BIT_LIMIT:
        return None
    if symbol in (tree.BinaryOperator.FLOOR_DIVIDE, tree.BinaryOperator.MODULO) and right == 0:
        return None
    return OPERATORS[symbol](left, right)


def fold_name(reader: AnnotationReader, node: tree.Expression) -> Constant:
    symbol = reader.resolve_dotted(node)
    if (
        isinstance(symbol, GlobalDeclaration)
        and symbol.value is not None
        and symbol.assignments <= 1
        and not symbol.in_progress
    ):
        symbol.in_progress = True
        try:
            return fold_node(AnnotationReader(reader.world, symbol.module), symbol.value)
        finally:
            symbol.in_progress = False
    return None


def fold_call(reader: AnnotationReader, function: tree.Expression, argument: tree.Expression) -> Constant:
    """size_of(Struct) and fixed-width conversions of constants."""
    symbol = reader.resolve_dotted(function)
    if not isinstance(symbol, VocabularySymbol):
        return None
    if symbol.name == "size_of":
        target = reader.resolve_dotted(argument)
        return target.size or None if isinstance(target, StructInfo) else None
    return fold_node(reader, argument) if symbol.name[0] in "ui" and symbol.name[1:].isdigit() else None
