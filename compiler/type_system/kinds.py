"""The types of the language as values that compare by meaning.

Scalars and composites are frozen dataclasses. Classes, enums and structs are nominal: their type refers to one `…Info`
object, which the checker fills in while it reads the class body and which nothing changes afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compiler.diagnostics.span import Span
from compiler.syntax import tree

if TYPE_CHECKING:
    from compiler.check.declarations import FunctionInfo


@dataclass(frozen=True, slots=True)
class IntegerType:
    """`int` (64 bits, signed) or a fixed width. `int` and `i64` are different types with the same range."""

    name: str
    bits: int
    signed: bool

    @property
    def low(self) -> int:
        return -(1 << (self.bits - 1)) if self.signed else 0

    @property
    def high(self) -> int:
        return (1 << (self.bits - 1)) - 1 if self.signed else (1 << self.bits) - 1

    def contains(self, other: IntegerType) -> bool:
        """Whether every value of `other` is a value of this type."""
        return self.low <= other.low and other.high <= self.high

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class BoolType:
    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True, slots=True)
class FloatType:
    def __str__(self) -> str:
        return "float"


@dataclass(frozen=True, slots=True)
class NoneType:
    def __str__(self) -> str:
        return "None"


@dataclass(frozen=True, slots=True)
class NeverType:
    """The type of what does not return."""

    def __str__(self) -> str:
        return "NoReturn"


@dataclass(frozen=True, slots=True)
class ErrorType:
    """An expression that was already complained about; it fits everywhere, so one mistake gives one message."""

    def __str__(self) -> str:
        return "<error>"


@dataclass(frozen=True, slots=True)
class AddressType:
    """PhysicalAddress or VirtualAddress: 64 bits with only the arithmetic that makes sense."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class PointerType:
    """Ptr[item], or UserPtr[item] when `is_user`."""

    item: Type
    is_user: bool = False

    def __str__(self) -> str:
        return f"{'UserPtr' if self.is_user else 'Ptr'}[{self.item}]"


@dataclass(frozen=True, slots=True)
class ArrayType:
    """Array[item]: an owner, the address of the first element, a length."""

    item: Type

    def __str__(self) -> str:
        return f"Array[{self.item}]"


@dataclass(frozen=True, slots=True)
class TupleType:
    items: tuple[Type, ...]

    def __str__(self) -> str:
        return f"tuple[{', '.join(map(str, self.items)) or '()'}]"


@dataclass(frozen=True, slots=True)
class TableType:
    """tuple[item, ...]: any number of one type; a view like an array that is never written."""

    item: Type

    def __str__(self) -> str:
        return f"tuple[{self.item}, ...]"


@dataclass(frozen=True, slots=True)
class OptionalType:
    """item | None; `item` is never itself optional or None."""

    item: Type

    def __str__(self) -> str:
        return f"{self.item} | None"


@dataclass(frozen=True, slots=True)
class FunctionType:
    """Callable[[parameters], result]."""

    parameters: tuple[Type, ...]
    result: Type

    def __str__(self) -> str:
        return f"Callable[[{', '.join(map(str, self.parameters))}], {self.result}]"


@dataclass(frozen=True, slots=True)
class TypeVariable:
    """A parameter of a generic class or function; replaced by a concrete type in every instance."""

    name: str
    bound: Type | None = None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ClassReferenceType:
    """type[C]: a class as a value (only as the first argument of `__exit__`)."""

    item: Type

    def __str__(self) -> str:
        return f"type[{self.item}]"


@dataclass(frozen=True, slots=True)
class ClassType:
    """An instance of a class; `arguments` are its type arguments."""

    info: ClassInfo
    arguments: tuple[Type, ...] = ()

    def __str__(self) -> str:
        name = self.info.builtin_name or self.info.name
        return f"{name}[{', '.join(map(str, self.arguments))}]" if self.arguments else name


@dataclass(frozen=True, slots=True)
class StructType:
    """A reference to @struct storage."""

    info: StructInfo

    def __str__(self) -> str:
        return self.info.name


@dataclass(frozen=True, slots=True)
class EnumType:
    """A member of an enumeration, represented by its position."""

    info: EnumInfo

    def __str__(self) -> str:
        return self.info.name


@dataclass(frozen=True, slots=True)
class FunctionPointerType:
    """A class deriving from FunctionPointer: eight bytes of code address with a declared convention."""

    info: FunctionPointerInfo

    def __str__(self) -> str:
        return self.info.name


Type = (
    IntegerType
    | BoolType
    | FloatType
    | NoneType
    | NeverType
    | ErrorType
    | AddressType
    | PointerType
    | ArrayType
    | TupleType
    | TableType
    | OptionalType
    | FunctionType
    | TypeVariable
    | ClassReferenceType
    | ClassType
    | StructType
    | EnumType
    | FunctionPointerType
)

INT = IntegerType("int", 64, True)
FIXED_WIDTHS = {
    f"{'i' if signed else 'u'}{bits}": IntegerType(f"{'i' if signed else 'u'}{bits}", bits, signed)
    for signed in (False, True)
    for bits in (8, 16, 32, 64)
}
U8, U16, U32, U64 = (FIXED_WIDTHS[name] for name in ("u8", "u16", "u32", "u64"))
BOOL = BoolType()
FLOAT = FloatType()
NONE = NoneType()
NEVER = NeverType()
ERROR = ErrorType()
PHYSICAL_ADDRESS = AddressType("PhysicalAddress")
VIRTUAL_ADDRESS = AddressType("VirtualAddress")


@dataclass(slots=True, eq=False)
class FieldInfo:
    """An instance field. `default` is the class body's value, evaluated at compile time."""

    name: str
    type: Type
    span: Span
    default: tree.Expression | None = None
    owner: ClassInfo | None = None
    always_assigned: bool = False
    """`__init__` assigns it on every way, so reads need no check."""
    is_pending: bool = False
    """Its type shows only when `__init__` is checked (check/field_types.py); ErrorType until then."""


@dataclass(slots=True, eq=False)
class ClassInfo:
    """A class whose instances are heap objects."""

    name: str
    module: str
    span: Span
    definition: tree.ClassDefinition
    builtin_name: str | None = None
    type_parameters: tuple[TypeVariable, ...] = ()
    base: ClassType | None = None
    fields: dict[str, FieldInfo] = field(default_factory=dict)
    """Own fields in layout order, without those of the base."""
    methods: dict[str, FunctionInfo] = field(default_factory=dict)
    class_variables: dict[str, object] = field(default_factory=dict)
    dataclass_options: dict[str, bool] | None = None
    subclasses: list[ClassInfo] = field(default_factory=list)
    is_abstract: bool = False
    is_object: bool = False
    """The root above all classes: any instance fits, and it has nothing but its class."""

    @property
    def qualified_name(self) -> str:
        return f"{self.module}.{self.name}"

    @property
    def display_name(self) -> str:
        """As CPython's tracebacks and default reprs name the class, without the module for builtins and the main
        module."""
        return self.builtin_name or self.name

    def ancestors(self) -> list[ClassInfo]:
        """This class and its bases, nearest first."""
        chain: list[ClassInfo] = []
        current: ClassInfo | None = self
        while current is not None:
            chain.append(current)
            current = current.base.info if current.base else None
        return chain

    def is_subclass_of(self, other: ClassInfo) -> bool:
        return other.is_object or other in self.ancestors()

    def find_method(self, name: str) -> FunctionInfo | None:
        return next((c.methods[name] for c in self.ancestors() if name in c.methods), None)

    def overriders(self, name: str) -> list[FunctionInfo]:
        """Methods of this name in proper descendants."""
        found: list[FunctionInfo] = []
        for child in self.subclasses:
            if name in child.methods:
                found.append(child.methods[name])
            found.extend(child.overriders(name))
        return found


@dataclass(slots=True, eq=False)
class StructFieldInfo:
    """A member of a @struct. `length` is set for an inline array, `bit_offset`/`bit_width` for a bit field."""

    name: str
    type: Type
    span: Span
    offset: int = 0
    size: int = 0
    length: int | None = None
    is_inline_struct: bool = False
    bit_offset: int = 0
    bit_width: int | None = None
    is_padding: bool = False


@dataclass(slots=True, eq=False)
class StructInfo:
    """A class with C layout."""

    name: str
    module: str
    span: Span
    definition: tree.ClassDefinition
    packed: bool = False
    minimum_alignment: int = 1
    fields: dict[str, StructFieldInfo] = field(default_factory=dict)
    size: int = 0
    alignment: int = 1
    methods: dict[str, FunctionInfo] = field(default_factory=dict)

    @property
    def qualified_name(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(slots=True, eq=False)
class EnumInfo:
    """An enumeration; `values` are constants of one type. Aliases map to the first member of the same value."""

    name: str
    module: str
    span: Span
    definition: tree.ClassDefinition
    is_integer: bool = False
    members: list[str] = field(default_factory=list)
    values: list[int | str] = field(default_factory=list)
    aliases: dict[str, int] = field(default_factory=dict)
    methods: dict[str, FunctionInfo] = field(default_factory=dict)

    @property
    def qualified_name(self) -> str:
        return f"{self.module}.{self.name}"

    def position(self, name: str) -> int | None:
        return self.members.index(name) if name in self.members else self.aliases.get(name)


@dataclass(slots=True, eq=False)
class FunctionPointerInfo:
    """A declared function type at a machine boundary."""

    name: str
    module: str
    span: Span
    parameters: tuple[Type, ...] = ()
    result: Type = NONE
    is_microsoft_x64: bool = False


def substitute(kind: Type, mapping: dict[TypeVariable, Type]) -> Type:
    """Replace type variables by what `mapping` says."""
    if not mapping:
        return kind
    match kind:
        case TypeVariable():
            return mapping.get(kind, kind)
        case OptionalType(item):
            return optional(substitute(item, mapping))
        case PointerType(item, is_user):
            return PointerType(substitute(item, mapping), is_user)
        case ArrayType(item):
            return ArrayType(substitute(item, mapping))
        case TableType(item):
            return TableType(substitute(item, mapping))
        case ClassReferenceType(item):
            return ClassReferenceType(substitute(item, mapping))
        case TupleType(items):
            return TupleType(tuple(substitute(item, mapping) for item in items))
        case FunctionType(parameters, result):
            return FunctionType(tuple(substitute(p, mapping) for p in parameters), substitute(result, mapping))
        case ClassType(info, arguments) if arguments:
            return ClassType(info, tuple(substitute(a, mapping) for a in arguments))
    return kind


def contains_variable(kind: Type) -> bool:
    """Whether a type variable occurs in the type."""
    match kind:
        case TypeVariable():
            return True
        case OptionalType(item) | PointerType(item) | ArrayType(item) | TableType(item) | ClassReferenceType(item):
            return contains_variable(item)
        case TupleType(items):
            return any(map(contains_variable, items))
        case FunctionType(parameters, result):
            return any(map(contains_variable, parameters)) or contains_variable(result)
        case ClassType(_, arguments):
            return any(map(contains_variable, arguments))
    return False


def optional(kind: Type) -> Type:
    """kind | None, flattened."""
    return kind if isinstance(kind, OptionalType | NoneType | ErrorType) else OptionalType(kind)


def is_integer(kind: Type) -> bool:
    return isinstance(kind, IntegerType)
