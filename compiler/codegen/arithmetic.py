"""Integer operations that can fail, as LLVM text: the value, and the condition of failure.

Each function appends lines through `put` and gives (value, failed): the spelling of the i1 that is true when the
operation failed, or None when it cannot. Divisions must not be executed when they fail (the machine traps), so they
replace the divisor first; LLVM folds that away for constants.
"""

from __future__ import annotations

from typing import Protocol

from compiler.codegen.type_map import integer, llvm_type
from compiler.ir import ops
from compiler.ir.operands import can_overflow_division
from compiler.ir.types import IntegerRep


class Text(Protocol):
    """The function printer, as far as arithmetic needs it."""

    def put(self, line: str) -> None: ...

    def let(self, expression: str) -> str:
        """Append `%t = expression` with a fresh name and give the name."""
        ...

    def operand(self, value: ops.Value) -> str: ...

    def name(self, op: ops.Operation) -> str: ...

    def use_intrinsic(self, name: str, result: str, parameters: str) -> str: ...


def bits_of(value: ops.Value) -> int:
    """The width of an integer operand."""
    assert isinstance(value.rep, IntegerRep), "verified: an integer operand"
    return value.rep.bits


def checked_integer(op: ops.CheckedInteger, text: Text) -> str:
    """LLVM's own overflow intrinsics."""
    kind = llvm_type(op.rep)
    name = f"llvm.{'s' if op.signed else 'u'}{op.operator.value}.with.overflow.{kind}"
    intrinsic = text.use_intrinsic(name, f"{{ {kind}, i1 }}", f"{kind}, {kind}")
    both = text.let(
        f"call {{ {kind}, i1 }} {intrinsic}({kind} {text.operand(op.left)}, {kind} {text.operand(op.right)})"
    )
    text.put(f"{text.name(op)} = extractvalue {{ {kind}, i1 }} {both}, 0")
    return text.let(f"extractvalue {{ {kind}, i1 }} {both}, 1")


def range_check(op: ops.RangeCheck, text: Text) -> str:
    """One unsigned comparison after moving `low` to 0; the width changes by truncation or extension."""
    width, target = bits_of(op.value), bits_of(op)
    kind, value = llvm_type(op.value.rep), text.operand(op.value)
    least, most = (-(1 << (width - 1)), (1 << (width - 1)) - 1) if op.signed else (0, (1 << width) - 1)
    low, high = max(op.low, least), min(op.high, most)
    if low > high:
        failed = "true"
    elif (low, high) == (least, most):
        failed = "false"
    else:
        moved = value if low == 0 else text.let(f"sub {kind} {value}, {integer(low, width)}")
        failed = text.let(f"icmp ugt {kind} {moved}, {integer(high - low, width)}")
    convert_width(op, width, target, "sext" if op.signed else "zext", text, value)
    return failed


def convert_width(op: ops.Operation, width: int, target: int, extension: str, text: Text, value: str) -> None:
    """Define the operation's name as the value in another width."""
    if width == target:
        text.put(f"{text.name(op)} = add i{width} {value}, 0")
    else:
        text.put(f"{text.name(op)} = {'trunc' if target < width else extension} i{width} {value} to i{target}")


def index_check(op: ops.IndexCheck, text: Text) -> str:
    """Negative counts from the end; then one unsigned comparison covers both sides."""
    index, length = text.operand(op.index), text.operand(op.length)
    if isinstance(op.index, ops.Constant):
        negative = "true" if int(op.index.value or 0) < 0 else "false"
    else:
        negative = text.let(f"icmp slt i64 {index}, 0")
    back = text.let(f"select i1 {negative}, i64 {length}, i64 0")
    text.put(f"{text.name(op)} = add i64 {index}, {back}")
    return text.let(f"icmp uge i64 {text.name(op)}, {length}")


def floor_divide(op: ops.FloorDivide, text: Text) -> str | None:
    """Python's rounding on the machine's truncating division; the zero divisor is already excluded."""
    kind, left, right = llvm_type(op.rep), text.operand(op.left), text.operand(op.right)
    if not op.signed:
        text.put(f"{text.name(op)} = {'urem' if op.modulo else 'udiv'} {kind} {left}, {right}")
        return None
    failed = None
    if can_overflow_division(op):
        smallest = text.let(f"icmp eq {kind} {left}, {integer(1 << (bits_of(op) - 1), bits_of(op))}")
        minus_one = text.let(f"icmp eq {kind} {right}, -1")
        failed = text.let(f"and i1 {smallest}, {minus_one}")
        right = text.let(f"select i1 {failed}, {kind} 1, {kind} {right}")
    elif not isinstance(op.right, ops.Constant) or op.right.value == -1:
        minus_one = text.let(f"icmp eq {kind} {right}, -1")
        right = text.let(f"select i1 {minus_one}, {kind} 1, {kind} {right}")
    _floor(op, kind, left, right, text)
    return failed


def _floor(op: ops.FloorDivide, kind: str, left: str, right: str, text: Text) -> None:
    """Correct by one where the remainder is not 0 and its sign is not the divisor's."""
    power = _power_of_two(op)
    if power is not None:
        operation = f"and {kind} {left}, {(1 << power) - 1}" if op.modulo else f"ashr {kind} {left}, {power}"
        text.put(f"{text.name(op)} = {operation}")
        return
    remainder = text.let(f"srem {kind} {left}, {right}")
    differ = text.let(f"xor {kind} {remainder}, {right}")
    opposite = text.let(f"icmp slt {kind} {differ}, 0")
    inexact = text.let(f"icmp ne {kind} {remainder}, 0")
    wrong = text.let(f"and i1 {opposite}, {inexact}")
    if op.modulo:
        correction = text.let(f"select i1 {wrong}, {kind} {right}, {kind} 0")
        text.put(f"{text.name(op)} = add {kind} {remainder}, {correction}")
    else:
        quotient = text.let(f"sdiv {kind} {left}, {right}")
        correction = text.let(f"sext i1 {wrong} to {kind}")
        text.put(f"{text.name(op)} = add {kind} {quotient}, {correction}")


def _power_of_two(op: ops.FloorDivide) -> int | None:
    if isinstance(op.right, ops.Constant) and isinstance(op.right.value, int) and op.right.value > 0:
        number = op.right.value
        if number & (number - 1) == 0 and number < 1 << (bits_of(op) - 1):
            return number.bit_length() - 1
    return None
