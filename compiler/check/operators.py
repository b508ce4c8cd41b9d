"""Arithmetic: which operation two operand types mean, with the rules for widths of DESIGN §2.

Constants fold as Python computes them, of any size; they get a width where they meet one.
"""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.conversions import coerce, convert, is_error, literal, settle, to_float, to_int
from compiler.check.folding import fold_binary, fold_unary
from compiler.check.methods import call_method, call_runtime, has_method, takes
from compiler.check.scope import Scope, error_expression
from compiler.check.truth import check_condition
from compiler.check.typed_tree import ArithmeticOperator, ConversionKind
from compiler.diagnostics.span import Span
from compiler.syntax import tree
from compiler.type_system.kinds import (
    BOOL,
    FLOAT,
    INT,
    U64,
    AddressType,
    BoolType,
    ClassType,
    EnumType,
    FloatType,
    IntegerType,
    OptionalType,
    PointerType,
    Type,
)

Op = tree.BinaryOperator
ARITHMETIC = {
    Op.ADD: ArithmeticOperator.ADD,
    Op.SUBTRACT: ArithmeticOperator.SUBTRACT,
    Op.MULTIPLY: ArithmeticOperator.MULTIPLY,
    Op.DIVIDE: ArithmeticOperator.TRUE_DIVIDE,
    Op.FLOOR_DIVIDE: ArithmeticOperator.FLOOR_DIVIDE,
    Op.MODULO: ArithmeticOperator.MODULO,
    Op.BIT_AND: ArithmeticOperator.AND,
    Op.BIT_OR: ArithmeticOperator.OR,
    Op.BIT_XOR: ArithmeticOperator.XOR,
    Op.SHIFT_LEFT: ArithmeticOperator.SHIFT_LEFT,
    Op.SHIFT_RIGHT: ArithmeticOperator.SHIFT_RIGHT,
}
EXACT = (Op.ADD, Op.SUBTRACT, Op.MULTIPLY)
BITWISE = (Op.BIT_AND, Op.BIT_OR, Op.BIT_XOR)
SHIFTS = (Op.SHIFT_LEFT, Op.SHIFT_RIGHT)
METHOD_NAMES = {
    Op.ADD: "add",
    Op.SUBTRACT: "sub",
    Op.MULTIPLY: "mul",
    Op.DIVIDE: "truediv",
    Op.FLOOR_DIVIDE: "floordiv",
    Op.MODULO: "mod",
    Op.POWER: "pow",
    Op.SHIFT_LEFT: "lshift",
    Op.SHIFT_RIGHT: "rshift",
    Op.BIT_AND: "and",
    Op.BIT_OR: "or",
    Op.BIT_XOR: "xor",
    Op.MATRIX_MULTIPLY: "matmul",
}


def check_binary(scope: Scope, node: tree.BinaryOperation, expected: Type | None) -> typed.Expression:
    """`left operator right`."""
    hint = expected if isinstance(expected, IntegerType | ClassType) else None
    left = scope.check(node.left, hint)
    if node.operator in SHIFTS and is_constant(left) and isinstance(expected, IntegerType):
        left = coerce(scope, left, expected) if not is_foldable(scope, node.right) else left
    right = scope.check(node.right, hint if node.operator not in SHIFTS else None)
    return binary(scope, node.operator, left, right, node.span)


def is_foldable(scope: Scope, node: tree.Expression) -> bool:
    return (
        is_constant(scope.check(node)) if isinstance(node, tree.Constant | tree.Name | tree.BinaryOperation) else False
    )


def is_constant(value: typed.Expression) -> bool:
    return isinstance(value, typed.Literal) and isinstance(value.type, IntegerType)


def binary(scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span) -> typed.Expression:
    """The typed operation for operands already checked."""
    if is_error(left) or is_error(right):
        return error_expression(span)
    folded = fold(left, operator, right, span)
    if folded is not None:
        return folded
    one, other = left.type, right.type
    if is_number(one) and is_number(other):
        return number_operation(scope, operator, unenumerate(left), unenumerate(right), span)
    if isinstance(one, PointerType | AddressType) or isinstance(other, PointerType | AddressType):
        return address_operation(scope, operator, left, right, span)
    return method_operation(scope, operator, left, right, span)


def fold(left: typed.Expression, operator: Op, right: typed.Expression, span: Span) -> typed.Expression | None:
    """Two int constants without a width of their own."""
    if not (is_constant(left) and is_constant(right) and left.type == INT and right.type == INT):
        return None
    assert isinstance(left, typed.Literal) and isinstance(right, typed.Literal)
    if operator is Op.POWER:
        return fold_power(left, right, span)
    if not isinstance(left.value, int) or not isinstance(right.value, int):
        return None
    value = fold_binary(operator, left.value, right.value)
    return literal(INT, span, value) if isinstance(value, int) else None


def fold_power(left: typed.Literal, right: typed.Literal, span: Span) -> typed.Expression | None:
    base, exponent = left.value, right.value
    if isinstance(base, int) and isinstance(exponent, int) and 0 <= exponent <= 1024 and abs(base) <= 1 << 64:
        return literal(INT, span, base**exponent)
    return None


def is_number(kind: Type) -> bool:
    return isinstance(kind, IntegerType | FloatType | BoolType) or (isinstance(kind, EnumType) and kind.info.is_integer)


def unenumerate(value: typed.Expression) -> typed.Expression:
    """An IntEnum member in arithmetic is its int value."""
    return typed.EnumValue(INT, value.span, value) if isinstance(value.type, EnumType) else value


def number_operation(
    scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression:
    if isinstance(left.type, FloatType) or isinstance(right.type, FloatType):
        return float_operation(scope, operator, to_float(left), to_float(right), span)
    if left.type == BOOL and right.type == BOOL and operator in BITWISE:
        return typed.Arithmetic(BOOL, span, ARITHMETIC[operator], left, right)
    left = to_int(left) if left.type == BOOL else left
    right = to_int(right) if right.type == BOOL else right
    if operator is Op.DIVIDE:
        return call_runtime(scope, "floats", "int_true_divide", [to_int(left), to_int(right)], span)
    if operator is Op.POWER:
        return integer_power(scope, left, right, span)
    if operator is Op.MATRIX_MULTIPLY:
        raise no_operation(scope, operator, left.type, right.type, span)
    return integer_operation(scope, operator, left, right, span)


def float_operation(
    scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression:
    if scope.world.is_kernel:
        raise scope.fail(
            "E0312", span, "floating point is not available in the kernel", label="would need the user's FPU state"
        )
    runtime = {Op.FLOOR_DIVIDE: "float_floor_divide", Op.MODULO: "float_modulo", Op.POWER: "float_power"}
    if operator in runtime:
        return call_runtime(scope, "floats", runtime[operator], [left, right], span)
    if operator in (Op.ADD, Op.SUBTRACT, Op.MULTIPLY, Op.DIVIDE):
        return typed.Arithmetic(FLOAT, span, ARITHMETIC[operator], left, right)
    raise no_operation(scope, operator, FLOAT, FLOAT, span)


def integer_power(scope: Scope, left: typed.Expression, right: typed.Expression, span: Span) -> typed.Expression:
    if isinstance(right, typed.Literal) and isinstance(right.value, int) and right.value < 0:
        base = to_float(to_int(left))
        return call_runtime(scope, "floats", "float_power", [base, to_float(right)], span)
    if right.type != INT:
        scope.world.conversions.append((right.span, INT.name))
    result = call_runtime(scope, "integers", "power", [to_int(left), to_int(right)], span)
    if isinstance(left.type, IntegerType) and left.type != INT:
        return convert(ConversionKind.INTEGER, result, left.type)
    return result


def integer_operation(
    scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression:
    """Two integers of any widths."""
    one, other = left.type, right.type
    assert isinstance(one, IntegerType) and isinstance(other, IntegerType)
    if operator in SHIFTS:
        return shift(scope, operator, left, right, span)
    if is_constant(left) and left.type == INT and other != INT:
        left = constant_beside(scope, operator, left, other)
    elif is_constant(right) and right.type == INT and one != INT:
        right = constant_beside(scope, operator, right, one)
    else:
        left, right = settle(scope, left), settle(scope, right)
    one, other = left.type, right.type
    assert isinstance(one, IntegerType) and isinstance(other, IntegerType)
    if one == other:
        return typed.Arithmetic(one, span, ARITHMETIC[operator], left, right)
    if INT in (one, other):
        return mixed_with_int(scope, operator, left, right, span)
    return mixed_widths(scope, operator, left, right, span)


def constant_beside(scope: Scope, operator: Op, constant: typed.Expression, width: IntegerType) -> typed.Expression:
    """A constant next to a width: in the width where it fits (a negative mask as two's complement), else as an exact
    int."""
    assert isinstance(constant, typed.Literal) and isinstance(constant.value, int)
    number = constant.value
    if operator in BITWISE and number < 0 and not width.signed and number >= -(1 << width.bits):
        return literal(width, constant.span, number & width.high)
    if width.low <= number <= width.high:
        scope.world.conversions.append((constant.span, width.name))
        return literal(width, constant.span, number)
    return settle(scope, constant)


def shift(scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span) -> typed.Expression:
    if is_constant(left) and left.type == INT and isinstance(right.type, IntegerType) and right.type != INT:
        left = coerce(scope, left, right.type)
    left, right = settle(scope, left), settle(scope, right)
    return typed.Arithmetic(left.type, span, ARITHMETIC[operator], left, right)


def mixed_with_int(
    scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression:
    """A width and an `int`: computed exactly, then checked against the width."""
    width = left.type if left.type != INT else right.type
    assert isinstance(width, IntegerType)
    if operator in (Op.BIT_OR, Op.BIT_XOR):
        scope.world.conversions.append(((right if left.type == width else left).span, width.name))
    if operator in EXACT:
        return typed.MixedArithmetic(width, span, ARITHMETIC[operator], left, right)
    if INT.contains(width):
        exact = typed.Arithmetic(INT, span, ARITHMETIC[operator], to_int(left), to_int(right))
        return convert(ConversionKind.INTEGER, exact, width)
    kind = ConversionKind.INTEGER_TRUNCATE if operator is Op.BIT_AND else ConversionKind.INTEGER
    left = left if left.type == width else convert(kind, left, width)
    right = right if right.type == width else convert(kind, right, width)
    return typed.Arithmetic(width, span, ARITHMETIC[operator], left, right)


def mixed_widths(
    scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression:
    """Two fixed widths: the wider one if it contains the other."""
    one, other = left.type, right.type
    assert isinstance(one, IntegerType) and isinstance(other, IntegerType)
    if one.contains(other):
        return typed.Arithmetic(one, span, ARITHMETIC[operator], left, convert(ConversionKind.INTEGER, right, one))
    if other.contains(one):
        return typed.Arithmetic(other, span, ARITHMETIC[operator], convert(ConversionKind.INTEGER, left, other), right)
    raise scope.fail(
        "E0313",
        span,
        f"{one} {operator.value} {other}: neither width holds every value of the other",
        suggestion=f"convert one side, for example {other.name}(…)",
    )


# --- addresses and pointers -----------------------------------------------------------------------------------------


def address_operation(
    scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression:
    """address ± integer, address − address; pointer ± count, pointer − pointer."""
    one, other = left.type, right.type
    if operator is Op.SUBTRACT and one == other and isinstance(one, PointerType):
        return typed.PointerDifference(INT, span, left, right)
    if operator is Op.SUBTRACT and one == other:
        numbers = [convert(ConversionKind.ADDRESS_TO_INTEGER, side, U64) for side in (left, right)]
        difference = typed.WrappingArithmetic(U64, span, ArithmeticOperator.SUBTRACT, numbers[0], numbers[1])
        return convert(ConversionKind.INTEGER_TRUNCATE, difference, INT)
    if operator not in (Op.ADD, Op.SUBTRACT) or not isinstance(other, IntegerType | BoolType):
        raise no_operation(scope, operator, one, other, span)
    if isinstance(one, PointerType):
        count = right if isinstance(right.type, IntegerType) and right.type != INT else settle(scope, right)
        if operator is Op.SUBTRACT:
            count = typed.Negate(INT, span, to_int(count))
        return typed.PointerOffset(one, span, left, count)
    number = convert(ConversionKind.ADDRESS_TO_INTEGER, left, U64)
    moved = integer_operation(scope, operator, number, right, span)
    return convert(ConversionKind.INTEGER_TO_ADDRESS, moved, one)


# --- everything else ------------------------------------------------------------------------------------------------


def method_operation(
    scope: Scope, operator: Op, left: typed.Expression, right: typed.Expression, span: Span
) -> typed.Expression:
    """`__add__` and the like, then the reflected form, then `int * sequence`."""
    stem = METHOD_NAMES[operator]
    if takes(scope, left.type, f"__{stem}__", operand(right)):
        return call_method(scope, left, f"__{stem}__", [operand(right)], span)
    if takes(scope, right.type, f"__r{stem}__", operand(left)):
        return call_method(scope, right, f"__r{stem}__", [operand(left)], span)
    if operator is Op.MULTIPLY and is_number(left.type) and has_method(scope, right.type, "__mul__"):
        return call_method(scope, right, "__mul__", [to_int(unenumerate(left))], span)
    raise no_operation(scope, operator, left.type, right.type, span)


def operand(value: typed.Expression) -> typed.Expression:
    """An integer operand of a method is an `int`."""
    return (
        to_int(value)
        if isinstance(value.type, IntegerType | BoolType) and not isinstance(value, typed.Literal)
        else value
    )


def no_operation(scope: Scope, operator: Op, left: Type, right: Type, span: Span) -> Exception:
    if isinstance(left, OptionalType) or isinstance(right, OptionalType):
        kind = left if isinstance(left, OptionalType) else right
        text = f"`{operator.value}` is not defined for None, and one side may be None"
        return scope.fail("E0308", span, text, label=f"has type {kind}", suggestion="test it with `is None` first")
    as_text = operator is Op.ADD and (scope.world.is_builtin(left, "str") or scope.world.is_builtin(right, "str"))
    hint = "str(…)" if as_text and (is_number(left) or is_number(right)) else None
    return scope.fail("E0314", span, f"`{operator.value}` is not defined for {left} and {right}", suggestion=hint)


def check_unary(scope: Scope, node: tree.UnaryOperation, expected: Type | None) -> typed.Expression:
    """`-x`, `+x`, `~x`, `not x`."""
    if node.operator is tree.UnaryOperator.NOT:
        return typed.Not(BOOL, node.span, check_condition(scope, node.operand))
    operand_value = unenumerate(
        scope.check(node.operand, None if node.operator is tree.UnaryOperator.MINUS else expected)
    )
    if is_error(operand_value):
        return operand_value
    if isinstance(operand_value, typed.Literal) and operand_value.type in (INT, FLOAT):
        return fold_sign(scope, node, operand_value)
    if operand_value.type == BOOL:
        operand_value = to_int(operand_value)
    return unary(scope, node, operand_value)


def fold_sign(scope: Scope, node: tree.UnaryOperation, value: typed.Literal) -> typed.Expression:
    if isinstance(value.value, float):
        if node.operator is tree.UnaryOperator.INVERT:
            raise scope.fail("E0314", node.span, "`~` is not defined for float")
        return literal(FLOAT, node.span, -value.value if node.operator is tree.UnaryOperator.MINUS else value.value)
    folded = fold_unary(node.operator, value.value)
    assert isinstance(folded, int)
    return literal(INT, node.span, folded)


def unary(scope: Scope, node: tree.UnaryOperation, value: typed.Expression) -> typed.Expression:
    kind = value.type
    if isinstance(kind, IntegerType | FloatType):
        if node.operator is tree.UnaryOperator.PLUS:
            return value
        if node.operator is tree.UnaryOperator.MINUS:
            return typed.Negate(kind, node.span, value)
        if isinstance(kind, IntegerType):
            return typed.Invert(kind, node.span, value)
    names = {
        tree.UnaryOperator.PLUS: "__pos__",
        tree.UnaryOperator.MINUS: "__neg__",
        tree.UnaryOperator.INVERT: "__invert__",
    }
    if has_method(scope, kind, names[node.operator]):
        return call_method(scope, value, names[node.operator], [], node.span)
    raise scope.fail("E0314", node.span, f"`{node.operator.value}` is not defined for {kind}")
