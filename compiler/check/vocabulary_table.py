"""The machine operations that are a plain function of their operands: name → operand types and result. Lowering has a
row for each in its own table."""

from __future__ import annotations

from dataclasses import dataclass

from compiler.type_system.kinds import (
    INT,
    NONE,
    U8,
    U16,
    U32,
    U64,
    PointerType,
    TupleType,
    Type,
)

Operand = Type | str
"""A type, or 'width' (the type argument), 'integer' (any integer type), 'int' (any integer, as int)."""


@dataclass(frozen=True, slots=True)
class SimpleOperation:
    """Operands and result; a result of None means the type argument, or the first operand's type."""

    operands: tuple[Operand, ...] = ()
    result: Type | None = NONE
    takes_width: bool = False


BYTES = PointerType(U8)

SIMPLE_OPERATIONS: dict[str, SimpleOperation] = {
    "port_read": SimpleOperation((U16,), None, takes_width=True),
    "port_write": SimpleOperation((U16, "width"), NONE, takes_width=True),
    "read_msr": SimpleOperation((U32,), U64),
    "write_msr": SimpleOperation((U32, U64)),
    "read_cr0": SimpleOperation((), U64),
    "read_cr2": SimpleOperation((), U64),
    "read_cr3": SimpleOperation((), U64),
    "read_cr4": SimpleOperation((), U64),
    "write_cr0": SimpleOperation((U64,)),
    "write_cr3": SimpleOperation((U64,)),
    "write_cr4": SimpleOperation((U64,)),
    "invalidate_page": SimpleOperation((U64,)),
    "halt": SimpleOperation(),
    "enable_interrupts": SimpleOperation(),
    "disable_interrupts": SimpleOperation(),
    "enable_interrupts_and_halt": SimpleOperation(),
    "read_flags": SimpleOperation((), U64),
    "load_gdt": SimpleOperation((U64,)),
    "load_idt": SimpleOperation((U64,)),
    "load_task_register": SimpleOperation((U16,)),
    "cpuid": SimpleOperation((U32, U32), TupleType((U32, U32, U32, U32))),
    "read_timestamp": SimpleOperation((), U64),
    "spin_pause": SimpleOperation(),
    "breakpoint_trap": SimpleOperation(),
    "allow_user_access": SimpleOperation(),
    "forbid_user_access": SimpleOperation(),
    "memory_fence": SimpleOperation(),
    "load_fence": SimpleOperation(),
    "store_fence": SimpleOperation(),
    "compiler_fence": SimpleOperation(),
    "write_back_invalidate_caches": SimpleOperation(),
    "swap_gs": SimpleOperation(),
    "read_gs": SimpleOperation((U64,), U64),
    "write_gs": SimpleOperation((U64, U64)),
    "read_frame_pointer": SimpleOperation((), U64),
    "read_stack_pointer": SimpleOperation((), U64),
    "count_leading_zeros": SimpleOperation(("integer",), INT),
    "count_trailing_zeros": SimpleOperation(("integer",), INT),
    "count_ones": SimpleOperation(("integer",), INT),
    "rotate_left": SimpleOperation(("integer", "int"), None),
    "rotate_right": SimpleOperation(("integer", "int"), None),
    "byte_swap": SimpleOperation(("integer",), None),
    "copy_memory": SimpleOperation((BYTES, BYTES, U64)),
    "move_memory": SimpleOperation((BYTES, BYTES, U64)),
    "fill_memory": SimpleOperation((BYTES, U8, U64)),
    "compare_memory": SimpleOperation((BYTES, BYTES, U64), INT),
}
