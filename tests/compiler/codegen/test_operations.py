"""Every operation in every form that lowering may build passes LLVM's verifier and the code generator, for each target.

What the operations compute is judged elsewhere (test_arithmetic.py, test_program.py); here the judge is LLVM.
"""

from __future__ import annotations

import pytest

from compiler.codegen.machine import Optimisation, compile_text
from compiler.codegen.unit_text import CodegenOptions, unit_text
from compiler.diagnostics.errors import InternalError
from compiler.ir import ops
from compiler.ir.module import Program
from compiler.ir.operands import FIELDS
from compiler.ir.reader import read_program
from compiler.passes.table import PassOptions, run_passes
from compiler.target import KERNEL, PROGRAM, UEFI, TargetSpec

INTEGERS = r"""
entry @all
external @strange.() -> i64
function @all(%a: i64, %b: i64, %o: ref, %p: ptr, %c: i1) -> i64 {unit="m" file="m.py" line=1 name="all" exported}
  local $x: i64
  local $unit: {}
  local $.pair: {ref, i64}
  local $wide: i128
  ^start:
    %0: i8 = convert(TRUNCATE, %a) @2
    %1: i128 = convert(SIGN_EXTEND, %a) @2
    %2: i128 = convert(ZERO_EXTEND, %b) @2
    %3: i128 = integer(MUL, %1, %2) @2
    %4: i128 = integer(LSHR, %3, i128 64) @2
    write_local($wide, %4) @2
    %5: i64 = convert(TRUNCATE, %4) @2
    write_local($x, %5) @3
    write_local($unit, null {}) @3
    %6: {} = read_local($unit) @3
    %7: i64 = read_local($x) @3
    clear_local($x) @3
    %8: i64 = select(%c, %7, i64 -9223372036854775808) @4
    %9: i64 = intrinsic("llvm.ctpop.i64", [%8], false) @4
    %10: i64 = intrinsic("llvm.ctlz.i64", [%8], false) @4
    %11: i64 = intrinsic("llvm.fshl.i64", [%8, %9, %10], false) @4
    %12: {} = intrinsic("llvm.x86.sse2.pause", [], true) @4
    %13: ptr = offset(%p, %11, 8, 4) @5
    %14: ptr = offset(%o, none, 1, 16) @5
    %15: {} = memory_block(COPY, %13, %14, %a) @5
    %16: {} = memory_block(MOVE, %13, %14, %a) @5
    %17: {} = memory_block(FILL, %13, %0, i64 100) @5
    %18: i64 = atomic(LOAD, %p, []) @6
    %19: {} = atomic(STORE, %p, [%18]) @6
    %20: i64 = atomic(ADD, %p, [%18]) @6
    %21: i64 = atomic(EXCHANGE, %p, [%20]) @6
    %22: i1 = atomic(COMPARE_EXCHANGE, %p, [%20, %21]) @6
    %23: {} = atomic(FENCE, none, []) @6
    %24: i32 = load(%p, 3, true, false, 1) @7
    store(%p, 3, %24, false, true, 1) @7
    %25: ptr = convert(REFERENCE_TO_POINTER, %o) @7
    %26: i64 = convert(POINTER_TO_INTEGER, %25) @7
    %27: ptr = convert(INTEGER_TO_POINTER, %26) @7
    %28: {ref, i64} = make_aggregate([%o, %26]) @8
    write_local($.pair, %28) @8
    %29: {ref, i64} = read_local($.pair) @8
    %30: i64 = extract(%29, 1) @8
    %31: {} = make_aggregate([]) @8
    %32: {} = inline_assembly("nop\nmov $0, $0", "r,~{memory}", [%30]) @9
    %33: i64 = inline_assembly("mov $0, \"q\"", "=r", []) @9
    %34: i64 = call_indirect(%p, (i64, ref) -> i64 win64, [%30, %o], none) @10
    %35: i64 = call_indirect(%p, (i64) -> i64 raises, [%30], none) @10
    %36: {} = call_indirect(%p, () -> {} raises, [], none) @10
    %37: {ref, i64} = call_indirect(%p, () -> {ref, i64} raises, [], none) @10
    %38: {} = check(%c, ASSERTION) @11
    %39: i64 = index_check(%34, %35, LIST_INDEX) @11
    %40: i64 = index_check(i64 -1, %35, LIST_INDEX) @11
    %41: i32 = range_check(%39, true, -5, 70000) @11
    %42: ref = allocate_object("class.x", 24, none) @12
    %43: ref = allocate_object("class.x", 16, %a) @12
    store(%42, 16, %43, false, false, 0) @12
    store(%42, 16, %o, true, false, 0) @12
    %44: ref = take(%42, 16) @12
    %45: {} = free_object(%42) @13
    %46: ref = adopt_reference(%27) @13
    %47: i1 = compare(NE, %46, null ref) @13
    %48: i64 = call("strange.", [], false) @14
    %49: i64 = checked_integer(MUL, true, %48, %39) @15
    %50: i64 = floor_divide(true, false, %49, %a, INTEGER_MODULO_BY_ZERO) @15
    switch(%50, [[0, ^one], [-1, ^two], [7, ^one]], ^two) @16
  ^one:
    branch(%47, ^two, ^end, false) @17
  ^two:
    %51: {} = call("forever", [], true) @18
    unreachable() @18
  ^end:
    return(%50) @19
end

function @forever() -> {} {unit="m" file="other.py" line=30 name="<module>" never_returns no_inline win64}
  ^start:
    jump(^start) @31 "inlined.py"
end

function @reraise(%e: ref) -> {i64, i64, i64, ref} {unit="m" file="m.py" line=40 name="reraise" may_raise address_taken}
  ^start:
    raise(%e, true) @41
end

function @bare() -> {} {unit="m" file="m.py" line=50 name="bare" exported section=".text.boot"}
  assembly "  # comment\n  mov eax, \"forever\"\n1:  jmp 1b\n  lea rax, [rip + reraise]"
end
"""
FLOATS = r"""
entry @floats
function @floats(%a: f64, %i: i64) -> f64 {unit="m" file="m.py" line=1 name="floats" exported}
  ^start:
    %0: f64 = float(DIV, %a, f64 0x1.8000000000000p+1) @1
    %1: f64 = convert(SIGNED_TO_FLOAT, %i) @1
    %2: f64 = convert(UNSIGNED_TO_FLOAT, %i) @1
    %3: i64 = convert(FLOAT_TO_SIGNED, %0) @1
    %4: i64 = convert(FLOAT_BITS, %0) @1
    %5: f64 = convert(BITS_FLOAT, %4) @1
    %6: i1 = float_compare(NE, %5, f64 nan) @1
    %7: f64 = select(%6, %1, f64 -inf) @1
    return(%7) @1
end
"""


def prepared(text: str) -> Program:
    program = read_program(text.replace("external @strange.", "external @strange."))
    program.defects = {defect.name: f"defect.{defect.name}" for defect in ops.Defect}
    run_passes(program, PassOptions(verify_each=True))
    return program


@pytest.mark.parametrize("level", list(Optimisation))
@pytest.mark.parametrize("target", [PROGRAM, KERNEL, UEFI], ids=lambda target: target.name)
def test_llvm_accepts_everything(target: TargetSpec, level: Optimisation) -> None:
    options = CodegenOptions(optimise=level is Optimisation.FULL)
    unit = compile_text(unit_text(prepared(INTEGERS), "m", target, options), target, level, want_assembly=True)
    assert unit.assembly is not None
    called = {word for line in unit.assembly.splitlines() for word in line.split() if word.startswith("__")}
    assert not called, "no function of a compiler's own library is needed"


@pytest.mark.parametrize("level", list(Optimisation))
def test_floats(level: Optimisation) -> None:
    options = CodegenOptions(optimise=level is Optimisation.FULL, debug_lines=False)
    assert compile_text(unit_text(prepared(FLOATS), "m", PROGRAM, options), PROGRAM, level).object


def test_every_operation_is_used_above() -> None:
    program = read_program(INTEGERS.replace("external @strange.", "external @strange.") + FLOATS)
    used = {type(op) for function in program.functions.values() for block in function.blocks for op in block.operations}
    inserted = {
        ops.BranchFailure,
        ops.Failure,
        ops.PushTraceback,
        ops.Retain,
        ops.Release,
        ops.ReturnFailure,
        ops.Panic,
    }
    assert used | inserted == set(FIELDS)


def test_what_llvm_refuses_is_an_internal_error() -> None:
    with pytest.raises(InternalError, match="codegen"):
        compile_text("define nonsense", PROGRAM, Optimisation.NONE)
