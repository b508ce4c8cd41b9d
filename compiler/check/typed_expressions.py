"""The expressions of the typed tree. Evaluation order is the order of the fields."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from compiler.check.typed_program import FunctionInstance, GlobalVariable, Variable
from compiler.diagnostics.span import Span
from compiler.type_system.kinds import (
    ClassType,
    FieldInfo,
    FunctionPointerType,
    StructFieldInfo,
    StructInfo,
    Type,
)

if TYPE_CHECKING:
    from compiler.check.typed_statements import Statement


@dataclass(slots=True, eq=False)
class Typed:
    """Base of expressions: the type of the result and the place in the source."""

    type: Type
    span: Span


@dataclass(slots=True, eq=False)
class Literal(Typed):
    """A constant of a scalar type, str, bytes or None. Integers are in the range of their type."""

    value: int | float | bool | str | bytes | None


@dataclass(slots=True, eq=False)
class LocalRead(Typed):
    variable: Variable


@dataclass(slots=True, eq=False)
class GlobalRead(Typed):
    """`may_be_unset`: a program's variable that might be read before its module assigned it (NameError)."""

    variable: GlobalVariable
    may_be_unset: bool = False


@dataclass(slots=True, eq=False)
class FieldRead(Typed):
    """object.field of a class instance (never None here)."""

    object: Expression
    field: FieldInfo
    owner: ClassType


@dataclass(slots=True, eq=False)
class StructFieldRead(Typed):
    """A member of a @struct: a scalar copy, a reference to an inline struct, or an Array over an inline array."""

    object: Expression
    field: StructFieldInfo


class ArithmeticOperator(Enum):
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    TRUE_DIVIDE = "/"
    FLOOR_DIVIDE = "//"
    MODULO = "%"
    AND = "&"
    OR = "|"
    XOR = "^"
    SHIFT_LEFT = "<<"
    SHIFT_RIGHT = ">>"


@dataclass(slots=True, eq=False)
class Arithmetic(Typed):
    """left ∘ right where both operands and the result have the same type: an integer type (result range-checked),
    float, or bool for & | ^.
    The right side of a shift is of type int or of any integer type."""

    operator: ArithmeticOperator
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class MixedArithmetic(Typed):
    """left ∘ right of two integer types computed exactly (128 bits), then checked against the range of `type`. ADD
    SUBTRACT MULTIPLY only; other operators are converted before."""

    operator: ArithmeticOperator
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class WrappingArithmetic(Typed):
    """ADD, SUBTRACT, MULTIPLY or SHIFT_LEFT modulo 2^bits; same types throughout (shift count: any integer, 0…bits-1
    checked)."""

    operator: ArithmeticOperator
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class Negate(Typed):
    """-operand for int, signed widths (checked) and float."""

    operand: Expression


@dataclass(slots=True, eq=False)
class Invert(Typed):
    """~operand in the operand's integer type."""

    operand: Expression


class ComparisonOperator(Enum):
    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="


@dataclass(slots=True, eq=False)
class Compare(Typed):
    """Scalars: two integers of any types (compared mathematically), two floats, bools, enums of one type, pointers,
    addresses."""

    operator: ComparisonOperator
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class SameObject(Typed):
    """left is right, for class instances and optionals of them."""

    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class IsNone(Typed):
    """operand is None; the operand is an optional."""

    operand: Expression


@dataclass(slots=True, eq=False)
class IsInstance(Typed):
    """The object (not None) is an instance of the class or of a subclass."""

    operand: Expression
    target: ClassType


@dataclass(slots=True, eq=False)
class Not(Typed):
    """not operand; the operand is bool."""

    operand: Expression


@dataclass(slots=True, eq=False)
class ShortCircuit(Typed):
    """left and right / left or right, both bool."""

    is_and: bool
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class Conditional(Typed):
    """when_true if condition else when_false; both branches of this type."""

    condition: Expression
    when_true: Expression
    when_false: Expression


class ConversionKind(Enum):
    INTEGER = "integer to integer type, range-checked"
    INTEGER_TRUNCATE = "integer to integer type, low bits kept"
    BOOL_TO_INTEGER = "bool to an integer type"
    INTEGER_TO_FLOAT = "int to float, nearest"
    BOOL_TO_FLOAT = "bool to float"
    WRAP_OPTIONAL = "a value where value | None is wanted"
    NONE_TO_OPTIONAL = "None where value | None is wanted"
    UNWRAP_OPTIONAL = "an optional narrowed to its value; known not to be None"
    UNWRAP_OPTIONAL_CHECKED = "an optional narrowed earlier by a path that might have changed: checked"
    UPCAST = "an instance where its base class is wanted"
    DOWNCAST = "an instance whose class was tested"
    OPTIONAL_UPCAST = "optional instance to optional base class"
    ADDRESS_TO_INTEGER = "the u64 of an address type"
    INTEGER_TO_ADDRESS = "an address type of a u64"
    POINTER_TO_INTEGER = "the u64 of a pointer"
    INTEGER_TO_POINTER = "a pointer to a u64 address"
    POINTER_CAST = "a pointer to another item type"
    ENUM_TO_POSITION = "the position of a member as int"
    POSITION_TO_ENUM = "the member at a position known to be right"
    TABLE_TO_ARRAY = "the view under a constant table"
    INTEGER_TO_BOOL = "an integer known to be 0 or 1"


@dataclass(slots=True, eq=False)
class Convert(Typed):
    kind: ConversionKind
    operand: Expression


@dataclass(slots=True, eq=False)
class CallFunction(Typed):
    """A direct call; arguments complete and of the parameters' types, receiver first for methods."""

    function: FunctionInstance
    arguments: list[Expression]


@dataclass(slots=True, eq=False)
class CallVirtual(Typed):
    """A method call through the receiver's vtable: `function` is the declaration's instance in the static class;
    arguments[0] is the receiver."""

    function: FunctionInstance
    arguments: list[Expression]


@dataclass(slots=True, eq=False)
class CallValue(Typed):
    """A call of a Callable value."""

    callee: Expression
    arguments: list[Expression]


@dataclass(slots=True, eq=False)
class CallPointer(Typed):
    """A call through a declared function pointer; cannot raise."""

    callee: Expression
    pointer: FunctionPointerType
    arguments: list[Expression]


@dataclass(slots=True, eq=False)
class FunctionValue(Typed):
    """A function as a Callable value."""

    function: FunctionInstance


@dataclass(slots=True, eq=False)
class FunctionAddress(Typed):
    """function_address(f): u64."""

    function: FunctionInstance


@dataclass(slots=True, eq=False)
class Construct(Typed):
    """A new instance: allocated, field defaults set, then `initialiser` called on it with the arguments (None: no
    __init__ anywhere)."""

    initialiser: FunctionInstance | None
    arguments: list[Expression]
    field_defaults: list[tuple[FieldInfo, ClassType, Expression]]


@dataclass(slots=True, eq=False)
class AllocateRaw(Typed):
    """allocate_object(T, trailing): header set, fields zero, `trailing` raw bytes behind them."""

    trailing: Expression


@dataclass(slots=True, eq=False)
class MakeStruct(Typed):
    """A new zeroed @struct object with some scalar members set."""

    info: StructInfo
    values: list[tuple[StructFieldInfo, Expression]]


@dataclass(slots=True, eq=False)
class NewArray(Typed):
    """new_array(item, length, align): zeroed."""

    length: Expression
    alignment: int


@dataclass(slots=True, eq=False)
class ArrayView(Typed):
    """array_at(pointer, length), or a slice of another array: (owner of `base` or none, address, length)."""

    pointer: Expression
    length: Expression


@dataclass(slots=True, eq=False)
class ArraySlice(Typed):
    """array[start:stop] with Python's clamping; start and stop are int (0 and 2^63-1 when left out)."""

    array: Expression
    start: Expression
    stop: Expression


@dataclass(slots=True, eq=False)
class ArrayLength(Typed):
    array: Expression


@dataclass(slots=True, eq=False)
class ArrayPointer(Typed):
    """array.pointer, or pointer_to(struct)."""

    operand: Expression


@dataclass(slots=True, eq=False)
class ArrayRead(Typed):
    """array[index], checked; for @struct items a reference in place. `index` is an integer of any type. Also
    table[index]."""

    array: Expression
    index: Expression


@dataclass(slots=True, eq=False)
class PointerRead(Typed):
    """pointer[index], unchecked; for @struct items a reference in place. `volatile`: volatile_read(pointer)."""

    pointer: Expression
    index: Expression
    volatile: bool = False


@dataclass(slots=True, eq=False)
class PointerOffset(Typed):
    """pointer + count elements (count: int, may be negative)."""

    pointer: Expression
    count: Expression


@dataclass(slots=True, eq=False)
class PointerDifference(Typed):
    """Elements between two pointers of one type, as int."""

    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class MakeTuple(Typed):
    items: list[Expression]


@dataclass(slots=True, eq=False)
class MakeTable(Typed):
    """A constant tuple[T, ...]: every item a compile-time constant; lives in read-only data."""

    items: list[Expression]


@dataclass(slots=True, eq=False)
class MakeList(Typed):
    """A list display: `construct` makes the empty list with room, then `append` adds each item. At compile time it is
    static data."""

    items: list[Expression]
    construct: Construct
    append: FunctionInstance


@dataclass(slots=True, eq=False)
class StaticObject(Typed):
    """A compile-time instance: fields evaluated, lands in .data. Identity matters: one object per node."""

    fields: list[tuple[FieldInfo, ClassType, Expression]]


@dataclass(slots=True, eq=False)
class TupleItem(Typed):
    tuple: Expression
    index: int


@dataclass(slots=True, eq=False)
class EnumMember(Typed):
    """A member as a constant."""

    position: int


@dataclass(slots=True, eq=False)
class EnumValue(Typed):
    """member.value (of type int or str)."""

    operand: Expression


@dataclass(slots=True, eq=False)
class EnumName(Typed):
    """member.name."""

    operand: Expression


@dataclass(slots=True, eq=False)
class ObjectAddress(Typed):
    """object_address(x): u64."""

    operand: Expression


@dataclass(slots=True, eq=False)
class AdoptObject(Typed):
    """object_from_address(T, address): takes over one count."""

    address: Expression


@dataclass(slots=True, eq=False)
class TrailingAddress(Typed):
    """trailing_address(x): u64."""

    operand: Expression


@dataclass(slots=True, eq=False)
class TakeSlot(Typed):
    """take_slot(pointer, index): moves the value out of raw memory."""

    pointer: Expression
    index: Expression


@dataclass(slots=True, eq=False)
class ClassNameOf(Typed):
    """type(x).__name__ of an instance, or the name tracebacks print when `qualified`."""

    operand: Expression
    qualified: bool = False


@dataclass(slots=True, eq=False)
class LinkerSymbol(Typed):
    """linker_symbol("name"): u64."""

    name: str


@dataclass(slots=True, eq=False)
class MachineOperation(Typed):
    """A vocabulary operation that lowering finds in its table by `key`; `width` is its type argument, `text` its
    literal arguments."""

    key: str
    arguments: list[Expression]
    width: Type | None = None
    texts: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Sequence(Typed):
    """Run the statements, then the value (desugared displays, comprehensions, walrus)."""

    statements: list[Statement]
    value: Expression


Expression = (
    Literal
    | LocalRead
    | GlobalRead
    | FieldRead
    | StructFieldRead
    | Arithmetic
    | MixedArithmetic
    | WrappingArithmetic
    | Negate
    | Invert
    | Compare
    | SameObject
    | IsNone
    | IsInstance
    | Not
    | ShortCircuit
    | Conditional
    | Convert
    | CallFunction
    | CallVirtual
    | CallValue
    | CallPointer
    | FunctionValue
    | FunctionAddress
    | Construct
    | AllocateRaw
    | MakeStruct
    | NewArray
    | ArrayView
    | ArraySlice
    | ArrayLength
    | ArrayPointer
    | ArrayRead
    | PointerRead
    | PointerOffset
    | PointerDifference
    | MakeTuple
    | MakeTable
    | MakeList
    | StaticObject
    | TupleItem
    | EnumMember
    | EnumValue
    | EnumName
    | ObjectAddress
    | AdoptObject
    | TrailingAddress
    | TakeSlot
    | ClassNameOf
    | LinkerSymbol
    | MachineOperation
    | Sequence
)
