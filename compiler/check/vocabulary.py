"""Calls of runtime.lang names: the machine vocabulary. One rule per shape; simple operations are rows of a table."""

from __future__ import annotations

from collections.abc import Callable

from compiler.check import typed_tree as typed
from compiler.check.annotations import AnnotationReader
from compiler.check.conversions import coerce, convert, literal, settle, to_int
from compiler.check.folding import fold_node
from compiler.check.operators import constant_beside
from compiler.check.scope import Scope, error_expression
from compiler.check.typed_tree import ArithmeticOperator, ConversionKind
from compiler.check.vocabulary_table import SIMPLE_OPERATIONS, Operand
from compiler.syntax import tree
from compiler.syntax.tree import BinaryOperator
from compiler.type_system.kinds import (
    BOOL,
    FIXED_WIDTHS,
    INT,
    NEVER,
    NONE,
    PHYSICAL_ADDRESS,
    U64,
    VIRTUAL_ADDRESS,
    AddressType,
    ArrayType,
    BoolType,
    ClassType,
    EnumType,
    FloatType,
    IntegerType,
    PointerType,
    StructType,
    Type,
    substitute,
)
from compiler.type_system.representation import holds_references, memory_size

Rule = Callable[[Scope, tree.Call, Type | None], typed.Expression]


def check_vocabulary_call(scope: Scope, node: tree.Call, name: str, expected: Type | None) -> typed.Expression:
    """A call of a known name."""
    if name in FIXED_WIDTHS:
        return convert_width(scope, node, FIXED_WIDTHS[name])
    if name in SIMPLE_OPERATIONS:
        return simple_operation(scope, node, name)
    rule = RULES.get(name)
    if rule is None:
        raise scope.fail("E0335", node.span, f"`{name}` cannot be called here")
    return rule(scope, node, expected)


def type_argument(scope: Scope, node: tree.Expression) -> Type:
    """An argument that names a type."""
    reader = AnnotationReader(scope.world, scope.module, tuple(scope.type_variables))
    return substitute(reader.read(node), scope.type_variables)


def exactly(scope: Scope, node: tree.Call, low: int, high: int | None = None) -> None:
    high = low if high is None else high
    if not low <= len(node.arguments) <= high:
        raise scope.fail("E0311", node.span, f"this takes {low if low == high else f'{low} to {high}'} argument(s)")


# --- widths and addresses -------------------------------------------------------------------------------------------


def convert_width(scope: Scope, node: tree.Call, width: IntegerType) -> typed.Expression:
    """u32(x): range-checked."""
    exactly(scope, node, 1)
    value = scope.check(node.arguments[0], width)
    if isinstance(value, typed.Literal) and value.type == INT:
        return placed(coerce(scope, value, width), node)
    match value.type:
        case IntegerType():
            return value if value.type == width else convert(ConversionKind.INTEGER, value, width)
        case BoolType():
            return convert(ConversionKind.BOOL_TO_INTEGER, value, width)
        case AddressType():
            return convert(ConversionKind.INTEGER, convert(ConversionKind.ADDRESS_TO_INTEGER, value, U64), width)
        case EnumType(info) if info.is_integer:
            return convert(ConversionKind.INTEGER, typed.EnumValue(INT, node.span, value), width)
        case FloatType():
            raise scope.fail("E0307", node.span, f"{width} of a float is not defined", suggestion=f"{width}(int(…))")
    return coerce(scope, value, width)


def placed(value: typed.Expression, node: tree.Expression) -> typed.Expression:
    """A constant as the result of the whole call: what is noted about it later concerns the call."""
    return literal(value.type, node.span, value.value) if isinstance(value, typed.Literal) else value


def make_address(kind: AddressType) -> Rule:
    def rule(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
        exactly(scope, node, 1)
        value = coerce(scope, scope.check(node.arguments[0], U64), U64)
        return convert(ConversionKind.INTEGER_TO_ADDRESS, value, kind)

    return rule


def make_pointer(scope: Scope, node: tree.Call, kind: Type) -> typed.Expression:
    """Ptr[T](address)."""
    exactly(scope, node, 1)
    value = coerce(scope, scope.check(node.arguments[0], U64), U64)
    return convert(ConversionKind.INTEGER_TO_POINTER, value, kind)


def check_truncate(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    """truncate(u8, x): the low bits."""
    exactly(scope, node, 2)
    width = type_argument(scope, node.arguments[0])
    if not isinstance(width, IntegerType):
        raise scope.fail("E0307", node.arguments[0].span, "an integer type is expected here")
    value = scope.check(node.arguments[1])
    if isinstance(value, typed.Literal) and isinstance(value.value, int):
        bits = value.value & ((1 << width.bits) - 1)
        return literal(width, node.span, bits - (1 << width.bits) if width.signed and bits > width.high else bits)
    if isinstance(value.type, BoolType):
        value = to_int(value)
    if not isinstance(value.type, IntegerType):
        raise scope.fail("E0307", node.arguments[1].span, f"an integer is expected, not {value.type}")
    return convert(ConversionKind.INTEGER_TRUNCATE, value, width)


def wrapping(operator: ArithmeticOperator) -> Rule:
    def rule(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
        exactly(scope, node, 2)
        left, right = scope.check(node.arguments[0], expected), scope.check(node.arguments[1], expected)
        left, right = same_width(scope, node, left, right)
        return typed.WrappingArithmetic(left.type, node.span, operator, left, right)

    return rule


def same_width(
    scope: Scope, node: tree.Call, left: typed.Expression, right: typed.Expression
) -> tuple[typed.Expression, typed.Expression]:
    if isinstance(left, typed.Literal) and isinstance(right.type, IntegerType) and left.type == INT:
        left = constant_beside(scope, BinaryOperator.BIT_AND, left, right.type)
    if isinstance(right, typed.Literal) and isinstance(left.type, IntegerType) and right.type == INT:
        right = constant_beside(scope, BinaryOperator.BIT_AND, right, left.type)
    if left.type != right.type or not isinstance(left.type, IntegerType):
        raise scope.fail("E0313", node.span, f"both sides need one width, these are {left.type} and {right.type}")
    return left, right


def check_shift_wrapping(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 2)
    left = settle(scope, scope.check(node.arguments[0], expected))
    right = settle(scope, scope.check(node.arguments[1]))
    return typed.WrappingArithmetic(left.type, node.span, ArithmeticOperator.SHIFT_LEFT, left, right)


def limit(which: str) -> Rule:
    def rule(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
        exactly(scope, node, 1)
        width = type_argument(scope, node.arguments[0])
        if not isinstance(width, IntegerType):
            raise scope.fail("E0307", node.span, "an integer type is expected here")
        return literal(width, node.span, width.high if which == "high" else width.low)

    return rule


def check_size_of(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 1)
    kind = type_argument(scope, node.arguments[0])
    return literal(INT, node.span, memory_size(kind))


def check_offset_of(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 2)
    kind = type_argument(scope, node.arguments[0])
    name = fold_node(AnnotationReader(scope.world, scope.module), node.arguments[1])
    if not isinstance(kind, StructType) or not isinstance(name, str) or name not in kind.info.fields:
        raise scope.fail("E0310", node.span, "offset_of takes a @struct and the name of one of its members")
    return literal(INT, node.span, kind.info.fields[name].offset)


# --- memory ---------------------------------------------------------------------------------------------------------


def check_zeroed(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 1)
    kind = type_argument(scope, node.arguments[0])
    if not isinstance(kind, StructType):
        raise scope.fail("E0307", node.span, "zeroed takes a @struct")
    return typed.MakeStruct(kind, node.span, kind.info, [])


def check_new_array(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    """new_array(item, length, align=…)."""
    exactly(scope, node, 2, 3)
    item = type_argument(scope, node.arguments[0])
    if isinstance(item, ClassType):
        raise scope.fail(
            "E0336", node.arguments[0].span, "an Array holds plain data, not objects", suggestion=f"list[{item}]"
        )
    length = to_int(settle(scope, scope.check(node.arguments[1])))
    align_node = next((k.value for k in node.keywords if k.name == "align"), None)
    align_node = node.arguments[2] if len(node.arguments) == 3 else align_node
    align = fold_node(AnnotationReader(scope.world, scope.module), align_node) if align_node is not None else 0
    if not isinstance(align, int) or align & (align - 1):
        raise scope.fail("E0501", node.span, "the alignment is a constant power of two")
    return typed.NewArray(ArrayType(item), node.span, length, align)


def check_array_at(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 2)
    pointer = scope.check(node.arguments[0])
    if not isinstance(pointer.type, PointerType):
        raise scope.fail("E0307", node.arguments[0].span, f"a Ptr is expected, not {pointer.type}")
    length = to_int(settle(scope, scope.check(node.arguments[1])))
    return typed.ArrayView(ArrayType(pointer.type.item), node.span, pointer, length)


def check_pointer_to(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 1)
    value = scope.check(node.arguments[0])
    if not isinstance(value.type, StructType):
        raise scope.fail("E0307", node.arguments[0].span, f"pointer_to takes a @struct, not {value.type}")
    return typed.ArrayPointer(PointerType(value.type), node.span, value)


def pointer_argument(scope: Scope, node: tree.Expression) -> tuple[typed.Expression, Type]:
    pointer = scope.check(node)
    if not isinstance(pointer.type, PointerType) or pointer.type.is_user:
        raise scope.fail("E0307", node.span, f"a Ptr is expected, not {pointer.type}")
    return pointer, pointer.type.item


def check_volatile_read(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 1)
    pointer, item = pointer_argument(scope, node.arguments[0])
    return typed.PointerRead(item, node.span, pointer, literal(INT, node.span, 0), volatile=True)


def check_volatile_write(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 2)
    pointer, item = pointer_argument(scope, node.arguments[0])
    value = coerce(scope, scope.check(node.arguments[1], item), item)
    zero = literal(INT, node.span, 0)
    return done(scope, node, typed.AssignPointer(node.span, pointer, zero, value, volatile=True))


def done(scope: Scope, node: tree.Call, statement: typed.Statement) -> typed.Expression:
    """A statement in the place of an expression without a value."""
    return typed.Sequence(NONE, node.span, [statement], literal(NONE, node.span, None))


def atomic(key: str, result_is_bool: bool = False, has_result: bool = True) -> Rule:
    def rule(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
        if not node.arguments:
            raise scope.fail("E0311", node.span, f"{key} takes a Ptr first")
        pointer, item = pointer_argument(scope, node.arguments[0])
        values = [coerce(scope, scope.check(a, item), item) for a in node.arguments[1:]]
        result = BOOL if result_is_bool else item if has_result else NONE
        return typed.MachineOperation(result, node.span, key, [pointer, *values], width=item)

    return rule


def check_initialise_slot(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 3)
    pointer, item = pointer_argument(scope, node.arguments[0])
    index = settle(scope, scope.check(node.arguments[1]))
    value = coerce(scope, scope.check(node.arguments[2], item), item)
    return done(scope, node, typed.AssignPointer(node.span, pointer, index, value, initialises=True))


def check_take_slot(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 2)
    pointer, item = pointer_argument(scope, node.arguments[0])
    return typed.TakeSlot(item, node.span, pointer, settle(scope, scope.check(node.arguments[1])))


# --- objects --------------------------------------------------------------------------------------------------------


def check_object_address(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 1)
    return typed.ObjectAddress(U64, node.span, scope.check(node.arguments[0]))


def check_object_from_address(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 2)
    kind = type_argument(scope, node.arguments[0])
    return typed.AdoptObject(kind, node.span, coerce(scope, scope.check(node.arguments[1], U64), U64))


def check_allocate_object(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 2)
    kind = type_argument(scope, node.arguments[0])
    if isinstance(kind, ClassType):
        scope.world.note_constructed(kind)
    return typed.AllocateRaw(kind, node.span, coerce(scope, scope.check(node.arguments[1], U64), U64))


def check_trailing_address(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 1)
    return typed.TrailingAddress(U64, node.span, scope.check(node.arguments[0]))


def check_is_managed(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 1)
    return literal(BOOL, node.span, holds_references(type_argument(scope, node.arguments[0])))


def check_reference_count(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 1)
    return typed.MachineOperation(INT, node.span, "reference_count", [scope.check(node.arguments[0])])


def same_value(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    """as_str and its kin: two names of one type."""
    exactly(scope, node, 1)
    return scope.check(node.arguments[0], expected)


# --- code -----------------------------------------------------------------------------------------------------------


def check_function_address(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 1)
    value = scope.check(node.arguments[0])
    if not isinstance(value, typed.FunctionValue):
        raise scope.fail("E0307", node.span, "function_address takes the name of a function")
    return typed.FunctionAddress(U64, node.span, value.function)


def check_linker_symbol(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 1)
    return typed.LinkerSymbol(U64, node.span, text_literal(scope, node.arguments[0]))


def check_embedded_file(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 1)
    name = text_literal(scope, node.arguments[0])
    data = scope.world.embedded.get(name)
    if data is None:
        raise scope.fail(
            "E0337", node.span, f"no file was given under the name {name!r}", suggestion=f"--embed {name}=PATH"
        )
    return literal(scope.world.octets, node.span, data)


def text_literal(scope: Scope, node: tree.Expression) -> str:
    if isinstance(node, tree.Constant) and isinstance(node.value, str):
        return node.value
    value = scope.check(node)
    if isinstance(value, typed.Literal) and isinstance(value.value, str):
        return value.value
    raise scope.fail("E0501", node.span, "a constant string is expected here")


def inline_assembly(key: str, result: Type) -> Rule:
    def rule(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
        if len(node.arguments) < 2:
            raise scope.fail("E0311", node.span, f"{key} takes a template, constraints and operands")
        texts = (text_literal(scope, node.arguments[0]), text_literal(scope, node.arguments[1]))
        values = [operand_value(scope, a) for a in node.arguments[2:]]
        return typed.MachineOperation(result, node.span, key, values, texts=texts)

    return rule


def operand_value(scope: Scope, node: tree.Expression) -> typed.Expression:
    """An operand is a 64-bit register: any integer, pointer or address."""
    value = scope.check(node, U64)
    if isinstance(value, typed.Literal) and value.type == INT:
        return coerce(scope, value, U64)
    if isinstance(value.type, PointerType):
        return convert(ConversionKind.POINTER_TO_INTEGER, value, U64)
    if isinstance(value.type, AddressType):
        return convert(ConversionKind.ADDRESS_TO_INTEGER, value, U64)
    if isinstance(value.type, IntegerType):
        return value if value.type == U64 else convert(ConversionKind.INTEGER_TRUNCATE, value, U64)
    return coerce(scope, value, U64)


def check_unreachable(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    exactly(scope, node, 0)
    return typed.MachineOperation(NEVER, node.span, "unreachable", [])


def check_assembly(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    raise scope.fail(
        "E0338", node.span, "assembly(…) is the only statement of a @naked function", suggestion="inline_assembly(…)"
    )


def check_cast(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    """typing.cast(T, value): only where it says what is known anyway."""
    exactly(scope, node, 2)
    kind = type_argument(scope, node.arguments[0])
    value = scope.check(node.arguments[1], kind)
    if value.type == kind:
        return value
    return coerce(scope, value, kind)


# --- simple operations ----------------------------------------------------------------------------------------------


def simple_operation(scope: Scope, node: tree.Call, name: str) -> typed.Expression:
    """An operation whose operands and result the table describes."""
    row = SIMPLE_OPERATIONS[name]
    nodes = list(node.arguments)
    nodes.extend(keyword.value for keyword in node.keywords)
    width: Type | None = None
    if row.takes_width:
        if not nodes:
            raise scope.fail("E0311", node.span, f"`{name}` takes a width first")
        width = type_argument(scope, nodes.pop(0))
    if len(nodes) != len(row.operands):
        raise scope.fail(
            "E0311",
            node.span,
            f"`{name}` takes {len(row.operands) + row.takes_width} argument(s), not {len(node.arguments)}",
        )
    values = [simple_operand(scope, operand, row.operands[i], width) for i, operand in enumerate(nodes)]
    width = width if width is not None else values[0].type if row.result is None and values else None
    result = row.result if row.result is not None else width
    if result is None:
        return error_expression(node.span)
    return typed.MachineOperation(result, node.span, name, values, width=width)


def simple_operand(scope: Scope, node: tree.Expression, wanted: Operand, width: Type | None) -> typed.Expression:
    if wanted == "width" and width is not None:
        return coerce(scope, scope.check(node, width), width)
    if wanted == "integer":
        return settle(scope, scope.check(node))
    if wanted == "int":
        return to_int(settle(scope, scope.check(node)))
    assert not isinstance(wanted, str)
    return coerce(scope, scope.check(node, wanted), wanted)


RULES: dict[str, Rule] = {
    "PhysicalAddress": make_address(PHYSICAL_ADDRESS),
    "VirtualAddress": make_address(VIRTUAL_ADDRESS),
    "truncate": check_truncate,
    "wrapping_add": wrapping(ArithmeticOperator.ADD),
    "wrapping_sub": wrapping(ArithmeticOperator.SUBTRACT),
    "wrapping_mul": wrapping(ArithmeticOperator.MULTIPLY),
    "shift_left_wrapping": check_shift_wrapping,
    "max_of": limit("high"),
    "min_of": limit("low"),
    "size_of": check_size_of,
    "offset_of": check_offset_of,
    "zeroed": check_zeroed,
    "new_array": check_new_array,
    "array_at": check_array_at,
    "pointer_to": check_pointer_to,
    "volatile_read": check_volatile_read,
    "volatile_write": check_volatile_write,
    "atomic_load": atomic("atomic_load"),
    "atomic_store": atomic("atomic_store", has_result=False),
    "atomic_add": atomic("atomic_add"),
    "atomic_exchange": atomic("atomic_exchange"),
    "atomic_compare_exchange": atomic("atomic_compare_exchange", result_is_bool=True),
    "initialise_slot": check_initialise_slot,
    "take_slot": check_take_slot,
    "object_address": check_object_address,
    "object_from_address": check_object_from_address,
    "allocate_object": check_allocate_object,
    "trailing_address": check_trailing_address,
    "is_managed": check_is_managed,
    "reference_count": check_reference_count,
    "as_str": same_value,
    "as_string": same_value,
    "as_bytes": same_value,
    "as_bytes_object": same_value,
    "function_address": check_function_address,
    "linker_symbol": check_linker_symbol,
    "embedded_file": check_embedded_file,
    "inline_assembly": inline_assembly("inline_assembly", U64),
    "inline_assembly_void": inline_assembly("inline_assembly_void", NONE),
    "unreachable": check_unreachable,
    "assembly": check_assembly,
    "cast": check_cast,
}
