"""The table of machine operations: what each name of the vocabulary is in the language in between.

Assembly is Intel syntax with LLVM's constraints; operands are 64-bit registers unless the row says otherwise. Every row
that touches memory or state says so by `~{memory}`, and all of them by clobbering the flags (LLVM's x86 default adds
`~{dirflag},~{fpsr},~{flags}` only for C). Semantics of the instructions: Intel SDM vol. 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.ir import ops
from compiler.ir.builder import FALSE, NOTHING, integer_constant
from compiler.ir.ops import (
    AtomicOperator,
    Comparison,
    Constant,
    Conversion,
    IntegerOperator,
    MemoryOperator,
    Signature,
    Value,
)
from compiler.ir.types import F64, I1, I8, I32, I64, POINTER, UNIT, AggregateRep, IntegerRep, Rep
from compiler.lower.integers import is_signed, resized
from compiler.type_system.kinds import ArrayType, BoolType, NeverType, Type
from compiler.type_system.object_layout import COUNT_OFFSET, DESCRIPTOR_OFFSET
from compiler.type_system.representation import memory_size, representation

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering

FLAGS = "~{dirflag},~{fpsr},~{flags}"


@dataclass(frozen=True, slots=True)
class Assembly:
    """One instruction: template, constraints, result."""

    template: str
    constraints: str = "~{memory}"
    result: Rep = UNIT


PORT_REGISTERS = {8: "al", 16: "ax", 32: "eax"}

ASSEMBLY: dict[str, Assembly] = {
    "read_cr0": Assembly("mov $0, cr0", "=r,~{memory}", I64),
    "read_cr2": Assembly("mov $0, cr2", "=r,~{memory}", I64),
    "read_cr3": Assembly("mov $0, cr3", "=r,~{memory}", I64),
    "read_cr4": Assembly("mov $0, cr4", "=r,~{memory}", I64),
    "write_cr0": Assembly("mov cr0, $0", "r,~{memory}"),
    "write_cr3": Assembly("mov cr3, $0", "r,~{memory}"),
    "write_cr4": Assembly("mov cr4, $0", "r,~{memory}"),
    "invalidate_page": Assembly("invlpg [$0]", "r,~{memory}"),
    "halt": Assembly("hlt"),
    "enable_interrupts": Assembly("sti"),
    "disable_interrupts": Assembly("cli"),
    # sti delays interrupts by one instruction, so none can slip in before hlt (SDM vol. 2, STI).
    "enable_interrupts_and_halt": Assembly("sti; hlt"),
    "read_flags": Assembly("pushfq; pop $0", "=r,~{memory}", I64),
    "load_gdt": Assembly("lgdt [$0]", "r,~{memory}"),
    "load_idt": Assembly("lidt [$0]", "r,~{memory}"),
    "load_task_register": Assembly("ltr ${0:w}", "r,~{memory}"),
    "spin_pause": Assembly("pause"),
    "breakpoint_trap": Assembly("int3"),
    "allow_user_access": Assembly("stac"),
    "forbid_user_access": Assembly("clac"),
    "memory_fence": Assembly("mfence"),
    "load_fence": Assembly("lfence"),
    "store_fence": Assembly("sfence"),
    "compiler_fence": Assembly(""),
    "write_back_invalidate_caches": Assembly("wbinvd"),
    "swap_gs": Assembly("swapgs"),
    "read_gs": Assembly("mov $0, gs:[$1]", "=r,r,~{memory}", I64),
    "write_gs": Assembly("mov gs:[$0], $1", "r,r,~{memory}"),
    "read_frame_pointer": Assembly("mov $0, rbp", "=r", I64),
    "read_stack_pointer": Assembly("mov $0, rsp", "=r", I64),
    "read_msr": Assembly("rdmsr; shl rdx, 32; or rax, rdx", "={rax},{ecx},~{rdx},~{memory}", I64),
    "read_timestamp": Assembly("rdtsc; shl rdx, 32; or rax, rdx", "={rax},~{rdx},~{memory}", I64),
}
"""Operations that are an instruction on their operands as they are."""


def lower_machine_operation(lowering: FunctionLowering, node: typed.MachineOperation) -> Value:
    if node.key == "unreachable":
        lowering.end_here()
        return NOTHING
    arguments = tuple([lowering.value(argument) for argument in node.arguments])
    row = ASSEMBLY.get(node.key)
    if row is not None:
        return assembly(lowering, row.template, row.constraints, arguments, row.result)
    rule = RULES.get(node.key)
    if rule is None:
        raise lowering.fail(node, f"no row for the machine operation {node.key}")
    return rule(lowering, node, arguments)


def assembly(
    lowering: FunctionLowering, template: str, constraints: str, arguments: tuple[Value, ...], rep: Rep
) -> Value:
    """LLVM wants the clobber list complete; `$` is its operand sign."""
    full = f"{constraints},{FLAGS}" if constraints else FLAGS
    result = lowering.builder.emit(ops.InlineAssembly(template, full, arguments, rep))
    return result if rep != UNIT else NOTHING


def inline_assembly(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
    template, constraints = node.texts
    never = isinstance(node.type, NeverType)
    rep = UNIT if never else representation(node.type)
    result = assembly(lowering, template, constraints, arguments, rep)
    if never:
        lowering.end_here()
    return result


# --- ports, model-specific registers, cpuid


def width_of(lowering: FunctionLowering, node: typed.MachineOperation) -> IntegerRep:
    rep = representation(node.width) if node.width is not None else None
    if not isinstance(rep, IntegerRep):
        raise lowering.fail(node, f"{node.key} needs an integer width")
    return rep


def port_read(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
    rep = width_of(lowering, node)
    register = PORT_REGISTERS[rep.bits]
    return assembly(lowering, f"in {register}, dx", f"={{{register}}},{{dx}},~{{memory}}", arguments, rep)


def port_write(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
    register = PORT_REGISTERS[width_of(lowering, node).bits]
    return assembly(lowering, f"out dx, {register}", f"{{dx}},{{{register}}},~{{memory}}", arguments, UNIT)


def write_msr(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
    """The value in edx:eax."""
    register, value = arguments
    high = lowering.builder.integer(IntegerOperator.LSHR, value, integer_constant(32))
    halves = (register, resized(lowering, value, False, I32), resized(lowering, high, False, I32))
    return assembly(lowering, "wrmsr", "{ecx},{eax},{edx},~{memory}", halves, UNIT)


def cpuid(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
    rep = AggregateRep((I32, I32, I32, I32))
    return assembly(lowering, "cpuid", "={eax},={ebx},={ecx},={edx},{eax},{ecx},~{memory}", arguments, rep)


# --- bits


def intrinsic(lowering: FunctionLowering, name: str, arguments: tuple[Value, ...]) -> Value:
    rep = arguments[0].rep
    return lowering.builder.emit(ops.Intrinsic(f"llvm.{name}.{rep}", arguments, rep))


def count_bits(name: str) -> Callable[[FunctionLowering, typed.MachineOperation, tuple[Value, ...]], Value]:
    """A count as int. For 0 the count of leading or trailing zeros is the width."""

    def rule(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
        given = (*arguments, FALSE) if name in ("ctlz", "cttz") else arguments
        return resized(lowering, intrinsic(lowering, name, given), False, I64)

    return rule


def rotate(name: str) -> Callable[[FunctionLowering, typed.MachineOperation, tuple[Value, ...]], Value]:
    """A funnel shift of the value with itself takes its count modulo the width, negative counts too."""

    def rule(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
        value, count = arguments
        assert isinstance(value.rep, IntegerRep)
        amount = resized(lowering, count, is_signed(node.arguments[1].type), value.rep)
        return intrinsic(lowering, name, (value, value, amount))

    return rule


def byte_swap(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
    return arguments[0] if arguments[0].rep == I8 else intrinsic(lowering, "bswap", arguments)


def float_abs(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
    return lowering.builder.emit(ops.Intrinsic("llvm.fabs.f64", arguments, F64))


def float_to_int(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
    """Towards zero; the runtime has made sure that the value fits."""
    return lowering.builder.emit(ops.Convert(Conversion.FLOAT_TO_SIGNED, arguments[0], I64))


# --- memory


def memory_block(operator: MemoryOperator) -> Callable[..., Value]:
    def rule(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
        destination, source, count = arguments
        lowering.builder.emit(ops.MemoryBlock(operator, destination, source, count))
        return NOTHING

    return rule


def compare_memory(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
    """memcmp's answer reduced to -1, 0 or 1."""
    lowering.context.program.external.setdefault("memcmp", Signature((POINTER, POINTER, I64), I32, False))
    builder = lowering.builder
    symbol = "memcmp"
    defined = lowering.context.typed.instances.get(symbol)
    if defined is not None:
        reps = [representation(variable.type) for variable in defined.parameters]
        arguments = tuple(as_rep(lowering, value, rep) for value, rep in zip(arguments, reps, strict=True))
    answer = builder.call(symbol, arguments, I32)
    zero = Constant(I32, 0)
    above = builder.emit(ops.Convert(Conversion.ZERO_EXTEND, builder.compare(Comparison.SGT, answer, zero), I64))
    below = builder.emit(ops.Convert(Conversion.ZERO_EXTEND, builder.compare(Comparison.SLT, answer, zero), I64))
    return builder.integer(IntegerOperator.SUB, above, below)


def as_rep(lowering: FunctionLowering, value: Value, rep: Rep) -> Value:
    """A pointer as the number that a function written in the language takes."""
    if value.rep == POINTER and rep == I64:
        return lowering.builder.emit(ops.Convert(Conversion.POINTER_TO_INTEGER, value, I64))
    return value


def array_copy(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
    """Copy an array into one that is at least as long; OverflowError otherwise. Gives the number of items."""
    target, source = arguments
    kind = node.arguments[0].type
    assert isinstance(kind, ArrayType)
    builder = lowering.builder
    length = builder.extract(source, 2)
    room = builder.extract(target, 2)
    builder.emit(ops.Check(builder.compare(Comparison.SLE, length, room), ops.Defect.ARRAY_INDEX))
    count = builder.integer(IntegerOperator.MUL, length, integer_constant(memory_size(kind.item)))
    places = builder.extract(target, 1), builder.extract(source, 1)
    builder.emit(ops.MemoryBlock(MemoryOperator.MOVE, *places, count))
    return length


def reference_count(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
    return lowering.builder.load(arguments[0], COUNT_OFFSET, I64)


def class_of(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
    """The descriptor of an object's class: what `type[C]` is."""
    return lowering.builder.emit(ops.Load(arguments[0], DESCRIPTOR_OFFSET, POINTER, invariant=True))


# --- atomics


def atomic(operator: AtomicOperator) -> Callable[..., Value]:
    """Bools are bytes in memory; pointers are exchanged as numbers."""

    def rule(lowering: FunctionLowering, node: typed.MachineOperation, arguments: tuple[Value, ...]) -> Value:
        assert node.width is not None
        pointer, *values = arguments
        plain = tuple(to_cell(lowering, value) for value in values)
        rep = atomic_result(operator, node.width)
        result = lowering.builder.emit(ops.Atomic(operator, pointer, plain, rep))
        return NOTHING if rep == UNIT else from_cell(lowering, result, node.type)

    return rule


def atomic_result(operator: AtomicOperator, item: Type) -> Rep:
    if operator is AtomicOperator.STORE:
        return UNIT
    return I1 if operator is AtomicOperator.COMPARE_EXCHANGE else cell_rep(item)


def cell_rep(item: Type) -> Rep:
    """What the memory cell holds."""
    rep = representation(item)
    return I8 if rep == I1 else I64 if rep == POINTER else rep


def to_cell(lowering: FunctionLowering, value: Value) -> Value:
    if value.rep == I1:
        return lowering.builder.emit(ops.Convert(Conversion.ZERO_EXTEND, value, I8))
    return as_rep(lowering, value, I64)


def from_cell(lowering: FunctionLowering, value: Value, kind: Type) -> Value:
    wanted = representation(kind)
    if isinstance(kind, BoolType) and value.rep == I8:
        return lowering.builder.compare(Comparison.NE, value, Constant(I8, 0))
    if wanted == POINTER and value.rep == I64:
        return lowering.builder.emit(ops.Convert(Conversion.INTEGER_TO_POINTER, value, POINTER))
    return value


RULES: dict[str, Callable[..., Value]] = {
    "inline_assembly": inline_assembly,
    "inline_assembly_void": inline_assembly,
    "port_read": port_read,
    "port_write": port_write,
    "write_msr": write_msr,
    "cpuid": cpuid,
    "count_leading_zeros": count_bits("ctlz"),
    "count_trailing_zeros": count_bits("cttz"),
    "count_ones": count_bits("ctpop"),
    "rotate_left": rotate("fshl"),
    "rotate_right": rotate("fshr"),
    "byte_swap": byte_swap,
    "float_abs": float_abs,
    "float_to_int": float_to_int,
    "copy_memory": memory_block(MemoryOperator.COPY),
    "move_memory": memory_block(MemoryOperator.MOVE),
    "fill_memory": memory_block(MemoryOperator.FILL),
    "compare_memory": compare_memory,
    "array_copy": array_copy,
    "reference_count": reference_count,
    "class_of": class_of,
    "atomic_load": atomic(AtomicOperator.LOAD),
    "atomic_store": atomic(AtomicOperator.STORE),
    "atomic_add": atomic(AtomicOperator.ADD),
    "atomic_exchange": atomic(AtomicOperator.EXCHANGE),
    "atomic_compare_exchange": atomic(AtomicOperator.COMPARE_EXCHANGE),
}
