"""What operations take and give: constants, symbols, locals, parameters; and the base of all operations."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from compiler.ir.types import POINTER, Rep


class Defect(Enum):
    """The preallocated exceptions that checks raise: (Python class, message as CPython 3.11 words it)."""

    OVERFLOW = ("OverflowError", "integer overflow")
    NEGATIVE_SHIFT = ("ValueError", "negative shift count")
    INTEGER_DIVISION_BY_ZERO = ("ZeroDivisionError", "integer division or modulo by zero")
    INTEGER_MODULO_BY_ZERO = ("ZeroDivisionError", "integer modulo by zero")
    DIVISION_BY_ZERO = ("ZeroDivisionError", "division by zero")
    FLOAT_DIVISION_BY_ZERO = ("ZeroDivisionError", "float division by zero")
    FLOAT_FLOOR_DIVISION_BY_ZERO = ("ZeroDivisionError", "float floor division by zero")
    FLOAT_MODULO_BY_ZERO = ("ZeroDivisionError", "float modulo")
    ARRAY_INDEX = ("IndexError", "array index out of range")
    LIST_INDEX = ("IndexError", "list index out of range")
    LIST_ASSIGNMENT_INDEX = ("IndexError", "list assignment index out of range")
    TUPLE_INDEX = ("IndexError", "tuple index out of range")
    STRING_INDEX = ("IndexError", "string index out of range")
    BYTES_INDEX = ("IndexError", "index out of range")
    NONE_WHERE_OBJECT_NEEDED = ("AttributeError", "None where an object was needed")
    OUT_OF_MEMORY = ("MemoryError", "")
    RECURSION = ("RecursionError", "maximum recursion depth exceeded")
    NOT_INITIALISED = ("AttributeError", "field read before it was assigned")
    ASSERTION = ("AssertionError", "")


@dataclass(slots=True, eq=False)
class Local:
    """An assignable variable of one function. `name` is the source name, or starts with '.' when the compiler made
    it."""

    name: str
    rep: Rep
    unbound_defect: str | None = None
    """Symbol of the static exception raised when it is read unassigned; None: lowering guarantees assignment."""


@dataclass(slots=True, eq=False)
class Parameter:
    """A borrowed argument."""

    name: str
    rep: Rep


@dataclass(slots=True, eq=False)
class Constant:
    """An integer (its bit pattern fits the width, negative numbers allowed), a float, or null / all-zero (`value`
    None)."""

    rep: Rep
    value: int | float | None


@dataclass(slots=True, eq=False)
class SymbolAddress:
    """The address of a function or data item. With `rep` REF: a static immortal object."""

    symbol: str
    rep: Rep = POINTER


@dataclass(slots=True, eq=False)
class Undefined:
    """A value nobody looks at."""

    rep: Rep


@dataclass(slots=True, eq=False)
class Operation:
    """Base of all operations. `line` is the source line (0: none) in the function's file."""

    may_raise: ClassVar[bool] = False
    owned_result: ClassVar[bool] = False
    is_terminator: ClassVar[bool] = False
    line: int = field(default=0, kw_only=True)
    file: str | None = field(default=None, kw_only=True)
    """Set where it differs from the function's file (inlined code)."""

    if TYPE_CHECKING:

        @property
        def rep(self) -> Rep:
            """The representation of the result: a field of every operation that is a value, absent from the others."""
            ...


Value = Operation | Parameter | Constant | SymbolAddress | Undefined
"""An operand: an operation with a `rep`, or one of the leaf nouns."""
