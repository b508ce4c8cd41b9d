"""Every operation as LLVM text: one function each, found through `EMIT`.

The meaning is the docstring in compiler/ir/ops.py; here is only how LLVM says it. Memory semantics kept deliberately
plain: no type-based aliasing (objects and raw pointers overlap), no `inbounds` on raw addresses (physical memory,
firmware tables), no `invariant.load` (LLVM would move a read above the store that initialises the object after
inlining).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from compiler.codegen import arithmetic
from compiler.codegen.type_map import calling_convention, constant, escape, llvm_type, result_type
from compiler.ir import ops
from compiler.ir.ops import (
    AtomicOperator,
    Comparison,
    Constant,
    Conversion,
    MemoryOperator,
    Operation,
    Signature,
    Value,
)
from compiler.ir.types import UNIT, AggregateRep, PointerRep, ReferenceRep, Rep, is_managed, size_and_alignment

if TYPE_CHECKING:
    from compiler.codegen.function_text import FunctionText

LIKELY = '!prof !{!"branch_weights", i32 2000, i32 1}'
UNLIKELY = '!prof !{!"branch_weights", i32 1, i32 2000}'
HEADER_SIZE = 16
"""Bytes of count and descriptor at the start of every object."""


# --- locals


def _read_local(op: ops.ReadLocal, text: FunctionText) -> None:
    if op.rep != UNIT:
        text.put(f"{text.name(op)} = load {llvm_type(op.rep)}, ptr {text.local(op.local)}")


def _write_local(op: ops.WriteLocal, text: FunctionText) -> None:
    if op.local.rep != UNIT:
        text.put(f"store {text.typed(op.value)}, ptr {text.local(op.local)}")


def _clear_local(op: ops.ClearLocal, text: FunctionText) -> None:
    if is_managed(op.local.rep):
        text.put(f"store {llvm_type(op.local.rep)} zeroinitializer, ptr {text.local(op.local)}")


# --- numbers


def _integer(op: ops.Integer, text: FunctionText) -> None:
    text.put(f"{text.name(op)} = {op.operator.value} {text.typed(op.left)}, {text.operand(op.right)}")


def _compare(op: ops.Compare, text: FunctionText) -> None:
    text.put(f"{text.name(op)} = icmp {op.comparison.value} {text.typed(op.left)}, {text.operand(op.right)}")


def _float(op: ops.Float, text: FunctionText) -> None:
    text.put(f"{text.name(op)} = {op.operator.value} double {text.operand(op.left)}, {text.operand(op.right)}")


_FLOAT_COMPARISON = {
    Comparison.EQ: "oeq",
    Comparison.NE: "une",
    Comparison.SLT: "olt",
    Comparison.SLE: "ole",
    Comparison.SGT: "ogt",
    Comparison.SGE: "oge",
}


def _float_compare(op: ops.FloatCompare, text: FunctionText) -> None:
    comparison = _FLOAT_COMPARISON[op.comparison]
    text.put(f"{text.name(op)} = fcmp {comparison} double {text.operand(op.left)}, {text.operand(op.right)}")


def _convert(op: ops.Convert, text: FunctionText) -> None:
    source, target = llvm_type(op.value.rep), llvm_type(op.rep)
    match op.conversion:
        case Conversion.REFERENCE_TO_POINTER:
            text.put(f"{text.name(op)} = getelementptr i8, ptr {text.operand(op.value)}, i64 0")
        case Conversion.FLOAT_BITS | Conversion.BITS_FLOAT:
            text.put(f"{text.name(op)} = bitcast {source} {text.operand(op.value)} to {target}")
        case _ if source == target:
            text.put(f"{text.name(op)} = bitcast {source} {text.operand(op.value)} to {target}")
        case conversion:
            text.put(f"{text.name(op)} = {conversion.value} {source} {text.operand(op.value)} to {target}")


def _adopt(op: ops.AdoptReference, text: FunctionText) -> None:
    if isinstance(op.value.rep, PointerRep | ReferenceRep):
        text.put(f"{text.name(op)} = getelementptr i8, ptr {text.operand(op.value)}, i64 0")
    else:
        text.put(f"{text.name(op)} = inttoptr {text.typed(op.value)} to ptr")


def _intrinsic(op: ops.Intrinsic, text: FunctionText) -> None:
    result = "void" if op.rep == UNIT else llvm_type(op.rep)
    extra = ", i1 false" if op.name.startswith(("llvm.ctlz.", "llvm.cttz.")) and len(op.arguments) == 1 else ""
    kinds = ", ".join(llvm_type(value.rep) for value in op.arguments) + (", i1" if extra else "")
    callee = text.use_intrinsic(op.name, result, kinds)
    call = f"call {result} {callee}({_arguments(op.arguments, text)}{extra})"
    text.put(call if op.rep == UNIT else f"{text.name(op)} = {call}")


def _select(op: ops.Select, text: FunctionText) -> None:
    condition = text.operand(op.condition)
    text.put(f"{text.name(op)} = select i1 {condition}, {text.typed(op.when_true)}, {text.typed(op.when_false)}")


# --- checks: each leaves the spelling of its failure


def _checked_integer(op: ops.CheckedInteger, text: FunctionText) -> None:
    text.failed[op] = arithmetic.checked_integer(op, text)


def _range_check(op: ops.RangeCheck, text: FunctionText) -> None:
    text.failed[op] = arithmetic.range_check(op, text)


def _index_check(op: ops.IndexCheck, text: FunctionText) -> None:
    text.failed[op] = arithmetic.index_check(op, text)


def _floor_divide(op: ops.FloorDivide, text: FunctionText) -> None:
    failed = arithmetic.floor_divide(op, text)
    if failed is not None:
        text.failed[op] = failed


# --- memory


def _address(base: Value, offset: int, text: FunctionText) -> str:
    """base + offset; inside an object the addition cannot wrap."""
    spelled = text.operand(base)
    if offset == 0:
        return spelled
    inside = "inbounds " if isinstance(base.rep, ReferenceRep) else ""
    return text.let(f"getelementptr {inside}i8, ptr {spelled}, i64 {offset}")


def _offset(op: ops.Offset, text: FunctionText) -> None:
    address = text.operand(op.base)
    if op.index is not None:
        element = "i8" if op.scale == 1 else f"[{op.scale} x i8]"
        address = text.let(f"getelementptr {element}, ptr {address}, i64 {text.operand(op.index)}")
    text.put(f"{text.name(op)} = getelementptr i8, ptr {address}, i64 {op.constant}")


def _alignment(op: ops.Load | ops.Store, rep: Rep) -> int:
    return op.alignment or size_and_alignment(rep)[1]


def _load(op: ops.Load, text: FunctionText) -> None:
    if op.rep == UNIT:
        return
    address = _address(op.base, op.offset, text)
    volatile = "volatile " if op.volatile else ""
    text.put(f"{text.name(op)} = load {volatile}{llvm_type(op.rep)}, ptr {address}, align {_alignment(op, op.rep)}")


def _store(op: ops.Store, text: FunctionText) -> None:
    if op.value.rep == UNIT:
        return
    value = text.typed(op.value)
    address = _address(op.base, op.offset, text)
    volatile = "volatile " if op.volatile else ""
    text.put(f"store {volatile}{value}, ptr {address}, align {_alignment(op, op.value.rep)}")


def _take(op: ops.Take, text: FunctionText) -> None:
    address = _address(op.base, op.offset, text)
    text.put(f"{text.name(op)} = load {llvm_type(op.rep)}, ptr {address}, align {size_and_alignment(op.rep)[1]}")


def _allocate(op: ops.AllocateObject, text: FunctionText) -> None:
    """Header and zeroed fields are written only when there is memory."""
    size = str(op.size)
    if op.trailing is not None:
        saturating = text.use_intrinsic("llvm.uadd.sat.i64", "i64", "i64, i64")
        size = text.let(f"call i64 {saturating}(i64 {text.operand(op.trailing)}, i64 {size})")
    text.put(f"{text.name(op)} = call noalias ptr {text.unit.use_runtime('pyc_allocate')}(i64 {size})")
    text.failed[op] = text.let(f"icmp eq ptr {text.name(op)}, null")
    start, later = len(text.lines), text.lines
    text.put(f"store i64 1, ptr {text.name(op)}, align 8")
    descriptor = text.let(f"getelementptr inbounds i8, ptr {text.name(op)}, i64 8")
    text.put(f"store ptr {text.unit.use_symbol(op.descriptor)}, ptr {descriptor}, align 8")
    if op.size > HEADER_SIZE:
        fields = text.let(f"getelementptr inbounds i8, ptr {text.name(op)}, i64 {HEADER_SIZE}")
        fill = text.use_intrinsic("llvm.memset.p0.i64", "void", "ptr, i8, i64, i1")
        text.put(f"call void {fill}(ptr align 8 {fields}, i8 0, i64 {op.size - HEADER_SIZE}, i1 false)")
    text.after_check[op] = later[start:]
    del later[start:]


def _free(op: ops.FreeObject, text: FunctionText) -> None:
    text.put(f"call void {text.unit.use_runtime('pyc_free')}(ptr {text.operand(op.reference)})")


def _memory_block(op: ops.MemoryBlock, text: FunctionText) -> None:
    fill = op.operator is MemoryOperator.FILL
    kinds = "ptr, i8, i64, i1" if fill else "ptr, ptr, i64, i1"
    name = f"llvm.{op.operator.value}.p0.{'' if fill else 'p0.'}i64"
    callee = text.use_intrinsic(name, "void", kinds)
    arguments = f"{text.typed(op.destination)}, {text.typed(op.source)}, {text.typed(op.count)}, i1 false"
    text.put(f"call void {callee}({arguments})")


def _atomic(op: ops.Atomic, text: FunctionText) -> None:
    if op.operator is AtomicOperator.FENCE or op.pointer is None:
        text.put("fence seq_cst")
        return
    pointer = f"ptr {text.operand(op.pointer)}"
    match op.operator:
        case AtomicOperator.LOAD:
            size = size_and_alignment(op.rep)[0]
            text.put(f"{text.name(op)} = load atomic {llvm_type(op.rep)}, {pointer} seq_cst, align {size}")
        case AtomicOperator.STORE:
            size = size_and_alignment(op.arguments[0].rep)[0]
            text.put(f"store atomic {text.typed(op.arguments[0])}, {pointer} seq_cst, align {size}")
        case AtomicOperator.COMPARE_EXCHANGE:
            expected, new = op.arguments
            both = text.let(f"cmpxchg {pointer}, {text.typed(expected)}, {text.typed(new)} seq_cst seq_cst")
            text.put(f"{text.name(op)} = extractvalue {{ {llvm_type(expected.rep)}, i1 }} {both}, 1")
        case operator:
            text.put(f"{text.name(op)} = atomicrmw {operator.value} {pointer}, {text.typed(op.arguments[0])} seq_cst")


# --- aggregates


def _make_aggregate(op: ops.MakeAggregate, text: FunctionText) -> None:
    if not op.parts:
        return
    kind, value = llvm_type(op.rep), "poison"
    for index, part in enumerate(op.parts):
        result = text.name(op) if index == len(op.parts) - 1 else text.fresh()
        text.put(f"{result} = insertvalue {kind} {value}, {text.typed(part)}, {index}")
        value = result


def _extract(op: ops.Extract, text: FunctionText) -> None:
    if op.rep != UNIT:
        text.put(f"{text.name(op)} = extractvalue {text.typed(op.aggregate)}, {op.index}")


# --- calls


def _arguments(values: tuple[Value, ...], text: FunctionText) -> str:
    return ", ".join([text.typed(value) for value in values])


def _call(op: ops.Call, text: FunctionText) -> None:
    signature = text.unit.signature(op.symbol)
    _any_call(op, text.unit.use_symbol(op.symbol), signature, op.arguments, text)


def _call_indirect(op: ops.CallIndirect, text: FunctionText) -> None:
    _any_call(op, text.operand(op.code), op.signature, op.arguments, text)


def _any_call(
    op: ops.Call | ops.CallIndirect, code: str, signature: Signature, arguments: tuple[Value, ...], text: FunctionText
) -> None:
    kind = result_type(signature)
    call = f"call {calling_convention(signature.convention)}{kind} {code}({_arguments(arguments, text)})"
    if not signature.may_raise:
        text.put(call if kind == "void" else f"{text.name(op)} = {call}")
        return
    exception = text.exception(op)
    if signature.result == UNIT:
        text.put(f"{exception} = {call}")
    else:
        result = text.let(call)
        text.put(f"{exception} = extractvalue {kind} {result}, 1")
        text.put(f"{text.name(op)} = extractvalue {kind} {result}, 0")
    text.failed[op] = text.let(f"icmp ne ptr {exception}, null")


def _inline_assembly(op: ops.InlineAssembly, text: FunctionText) -> None:
    result = "void" if op.rep == UNIT else llvm_type(op.rep)
    template, constraints = escape(op.template.encode()), escape(op.constraints.encode())
    call = f'call {result} asm sideeffect inteldialect "{template}", "{constraints}"({_arguments(op.arguments, text)})'
    text.put(call if op.rep == UNIT else f"{text.name(op)} = {call}")


# --- control


def _jump(op: ops.Jump, text: FunctionText) -> None:
    text.put(f"br label %{text.label(op.target)}")


def _branch(op: ops.Branch, text: FunctionText) -> None:
    expect = op.expect
    if expect is None and op.when_true.cold != op.when_false.cold:
        expect = op.when_false.cold
    weights = "" if expect is None else f", {LIKELY if expect else UNLIKELY}"
    condition = text.operand(op.condition)
    text.put(f"br i1 {condition}, label %{text.label(op.when_true)}, label %{text.label(op.when_false)}{weights}")


def _branch_failure(op: ops.BranchFailure, text: FunctionText) -> None:
    failed = text.failed[op.operation]
    fine = f"%{text.label(op.when_fine)}"
    later = text.after_check.get(op.operation)
    if later is None:
        text.put(f"br i1 {failed}, label %{text.label(op.when_failed)}, label {fine}, {UNLIKELY}")
        return
    between = text.fresh()
    text.put(f"br i1 {failed}, label %{text.label(op.when_failed)}, label {between}, {UNLIKELY}")
    text.put_label(between[1:])
    text.lines.extend(later)
    text.put(f"br label {fine}")


def _switch(op: ops.Switch, text: FunctionText) -> None:
    kind = llvm_type(op.value.rep)
    cases = " ".join(
        f"{kind} {constant(Constant(op.value.rep, number))}, label %{text.label(block)}" for number, block in op.cases
    )
    text.put(f"switch {kind} {text.operand(op.value)}, label %{text.label(op.default)} [ {cases} ]")


def _return(op: ops.Return, text: FunctionText) -> None:
    text.result(op.value)


def _return_failure(op: ops.ReturnFailure, text: FunctionText) -> None:
    text.result_failure(op.exception)


def _unreachable(op: ops.Unreachable, text: FunctionText) -> None:
    text.put("unreachable")


def _panic(op: ops.Panic, text: FunctionText) -> None:
    text.put(f"call void {text.unit.use_runtime('pyc_panic')}(ptr {text.operand(op.exception)}) cold noreturn")
    text.put("unreachable")


# --- failures and counts


def _failure(op: ops.Failure, text: FunctionText) -> None:
    """Nothing to do: its name is the register that the call left the exception in."""


HIDDEN_FILES = ("runtime/core/", "runtime/start/", "<runtime>")
"""Functions that no traceback shows: CPython's built-in functions have no frames either. They note only where an
exception starts, which keeps their code and its texts out of every program."""


def _push_traceback(op: ops.PushTraceback, text: FunctionText) -> None:
    if text.function.file.startswith(HIDDEN_FILES):
        if not op.fresh:
            return
        record, line = "null", 0  # ends the entries of an older exception at the same address
    else:
        record, line = text.unit.function_record(text.function), op.line
    callee = text.unit.use_runtime("pyc_traceback_start" if op.fresh else "pyc_traceback_add")
    text.put(f"call void {callee}(ptr {text.operand(op.exception)}, ptr {record}, i64 {line}) cold")


def _retain(op: ops.Retain, text: FunctionText) -> None:
    helper = "pyc.retain_shared" if op.shared else "pyc.retain"
    for reference in _references(text.operand(op.value), op.value.rep, text):
        text.put(f"call void {text.unit.use_runtime(helper)}(ptr {reference})")


def _release(op: ops.Release, text: FunctionText) -> None:
    """In cold code by a call, elsewhere inlined down to the test of the count."""
    helper = "pyc.release_shared" if op.shared else "pyc.release"
    helper += "_cold" if text.cold else ""
    for reference in _references(text.operand(op.value), op.value.rep, text):
        text.put(f"call void {text.unit.use_runtime(helper)}(ptr {reference})")


def _references(value: str, rep: Rep, text: FunctionText) -> list[str]:
    """The spellings of all counted references in a value, extracted in order."""
    if isinstance(rep, ReferenceRep):
        return [value]
    found: list[str] = []
    if isinstance(rep, AggregateRep):
        for index, part in enumerate(rep.parts):
            if is_managed(part):
                extracted = text.let(f"extractvalue {llvm_type(rep)} {value}, {index}")
                found += _references(extracted, part, text)
    return found


EMIT: dict[type[Operation], Callable[[Any, FunctionText], None]] = {
    ops.ReadLocal: _read_local,
    ops.WriteLocal: _write_local,
    ops.ClearLocal: _clear_local,
    ops.Integer: _integer,
    ops.CheckedInteger: _checked_integer,
    ops.FloorDivide: _floor_divide,
    ops.Compare: _compare,
    ops.Float: _float,
    ops.FloatCompare: _float_compare,
    ops.Convert: _convert,
    ops.AdoptReference: _adopt,
    ops.Intrinsic: _intrinsic,
    ops.Select: _select,
    ops.RangeCheck: _range_check,
    ops.IndexCheck: _index_check,
    ops.Offset: _offset,
    ops.Load: _load,
    ops.Store: _store,
    ops.Take: _take,
    ops.AllocateObject: _allocate,
    ops.FreeObject: _free,
    ops.MemoryBlock: _memory_block,
    ops.Atomic: _atomic,
    ops.MakeAggregate: _make_aggregate,
    ops.Extract: _extract,
    ops.Call: _call,
    ops.CallIndirect: _call_indirect,
    ops.InlineAssembly: _inline_assembly,
    ops.Jump: _jump,
    ops.Branch: _branch,
    ops.BranchFailure: _branch_failure,
    ops.Switch: _switch,
    ops.Return: _return,
    ops.ReturnFailure: _return_failure,
    ops.Unreachable: _unreachable,
    ops.Panic: _panic,
    ops.Failure: _failure,
    ops.PushTraceback: _push_traceback,
    ops.Retain: _retain,
    ops.Release: _release,
}
"""Every operation that is left after the passes (`Check` and `Raise` have become branches)."""
