"""Every integer operation against Python's own integers, at -O0 and optimised, results and failures alike.

The functions are built as IR, go through all passes and the code generator, and run in this process; a failure comes
back as the address of the defect's object.
"""

from __future__ import annotations

import ctypes
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import llvmlite.binding as llvm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.codegen.machine import Optimisation, compile_text
from compiler.codegen.unit_text import CodegenOptions, unit_text
from compiler.ir import ops
from compiler.ir.builder import FunctionBuilder
from compiler.ir.module import DataItem, DataSection, Function, Program
from compiler.ir.ops import CheckedOperator, Defect, Value
from compiler.ir.types import I64, POINTER, REF, UNIT, IntegerRep, Rep
from compiler.passes.table import PassOptions, run_passes
from compiler.target import PROGRAM

WIDTHS = (8, 16, 32, 64)
Make = Callable[[FunctionBuilder, Value, Value], Value]


class Outcome(ctypes.Structure):
    """{value, exception} as System V returns it."""

    _fields_ = (("value", ctypes.c_int64), ("exception", ctypes.c_void_p))


@dataclass(frozen=True)
class Subject:
    """One operation in one width: how to build it, and what Python says (None: it fails, with which defect)."""

    name: str
    bits: int
    signed: bool
    make: Make
    expect: Callable[[int, int], int | Defect]


def fits(value: int, bits: int, signed: bool) -> bool:
    return -(1 << (bits - 1)) <= value < 1 << (bits - 1) if signed else 0 <= value < 1 << bits


def checked(symbol: CheckedOperator, bits: int, signed: bool) -> Subject:
    function = {
        CheckedOperator.ADD: operator.add,
        CheckedOperator.SUB: operator.sub,
        CheckedOperator.MUL: operator.mul,
    }[symbol]

    def expect(left: int, right: int) -> int | Defect:
        exact = function(left, right)
        return exact if fits(exact, bits, signed) else Defect.OVERFLOW

    def make(build: FunctionBuilder, left: Value, right: Value) -> Value:
        return build.emit(ops.CheckedInteger(symbol, signed, left, right, IntegerRep(bits)))

    return Subject(f"{symbol.value}_{'i' if signed else 'u'}{bits}", bits, signed, make, expect)


def division(modulo: bool, bits: int, signed: bool, divisor: int | None = None) -> Subject:
    zero = Defect.INTEGER_MODULO_BY_ZERO if modulo else Defect.INTEGER_DIVISION_BY_ZERO

    def expect(left: int, right: int) -> int | Defect:
        right = right if divisor is None else divisor
        if right == 0:
            return zero
        exact = left % right if modulo else left // right
        return exact if fits(exact, bits, signed) else Defect.OVERFLOW

    def make(build: FunctionBuilder, left: Value, right: Value) -> Value:
        by = right if divisor is None else ops.Constant(IntegerRep(bits), divisor)
        return build.emit(ops.FloorDivide(modulo, signed, left, by, zero, IntegerRep(bits)))

    by = "" if divisor is None else f"_by_{divisor}".replace("-", "minus_")
    return Subject(f"{'mod' if modulo else 'div'}_{'i' if signed else 'u'}{bits}{by}", bits, signed, make, expect)


def range_check(bits: int, signed: bool, low: int, high: int, target: int) -> Subject:
    def expect(left: int, _right: int) -> int | Defect:
        return left if low <= left <= high else Defect.OVERFLOW

    def make(build: FunctionBuilder, left: Value, _right: Value) -> Value:
        return build.emit(ops.RangeCheck(left, signed, low, high, IntegerRep(target)))

    bounds = f"{low}_{high}".replace("-", "m")
    return Subject(f"range_{'i' if signed else 'u'}{bits}_{bounds}_{target}", bits, signed, make, expect)


def index_check() -> Subject:
    def expect(left: int, right: int) -> int | Defect:
        length = max(right, 0)
        return range(length)[left] if -length <= left < length else Defect.LIST_INDEX

    def make(build: FunctionBuilder, left: Value, right: Value) -> Value:
        # lengths are never negative: the callers below clamp
        zero = ops.Constant(I64, 0)
        negative = build.compare(ops.Comparison.SLT, right, zero)
        length = build.emit(ops.Select(negative, zero, right, I64))
        return build.emit(ops.IndexCheck(left, length, Defect.LIST_INDEX))

    return Subject("index", 64, True, make, expect)


def subjects() -> list[Subject]:
    found = [checked(symbol, bits, signed) for symbol in CheckedOperator for bits in WIDTHS for signed in (True, False)]
    found += [division(modulo, bits, signed) for modulo in (True, False) for bits in WIDTHS for signed in (True, False)]
    for divisor in (1, 2, 3, 7, 8, 1000, 4096, -1, -2, -7, 0, (1 << 63) - 1, -(1 << 63)):
        found += [division(modulo, 64, True, divisor) for modulo in (True, False)]
    found += [division(modulo, 64, False, divisor) for modulo in (True, False) for divisor in (1, 8, 10, (1 << 64) - 1)]
    found += [
        range_check(64, True, 0, 255, 8),
        range_check(64, True, -128, 127, 8),
        range_check(64, False, 0, 2**63 - 1, 64),
    ]
    found += [range_check(64, True, 0, 2**64 - 1, 64), range_check(8, True, 0, 2**32 - 1, 32)]
    found += [
        range_check(8, False, -(2**31), 2**31 - 1, 32),
        range_check(32, True, 5, 9, 64),
        range_check(16, True, -3, -1, 16),
    ]
    found += [range_check(32, False, 2**31, 2**32 - 1, 64), index_check()]
    return found


SUBJECTS = subjects()


def build_program() -> Program:
    program = Program()
    for defect in Defect:
        symbol = program.defects[defect.name] = f"defect.{defect.name}"
        program.data[symbol] = DataItem(symbol, "m", DataSection.WRITABLE, 8, (b"\xff" * 16,), exported=True)
    for subject in SUBJECTS:
        program.functions[subject.name] = _wrap(subject)
    return program


def _wrap(subject: Subject) -> Function:
    """All functions take and give 64 bits, so that one ctypes signature serves."""
    parameters = [ops.Parameter("left", I64), ops.Parameter("right", I64)]
    function = Function(subject.name, parameters, I64, "/m.py", 1, subject.name, "m", address_taken=True)
    build = FunctionBuilder(function)
    build.position_at(build.block("start"))
    narrow: list[Value] = [
        _resize(build, parameter, IntegerRep(subject.bits), subject.signed) for parameter in parameters
    ]
    result = subject.make(build, narrow[0], narrow[1])
    build.ret(_resize(build, result, I64, True))
    return build.finish()


def _resize(build: FunctionBuilder, value: Value, rep: IntegerRep, signed: bool) -> Value:
    have = value.rep
    assert isinstance(have, IntegerRep)
    if have == rep:
        return value
    conversion = ops.Conversion.TRUNCATE if rep.bits < have.bits else ops.Conversion.SIGN_EXTEND
    return build.emit(ops.Convert(conversion, value, rep))


def keep_all(program: Program) -> None:
    """A caller, so that nothing is dropped."""
    program.entry_symbol = "everything"
    function = Function("everything", [], UNIT, "/m.py", 1, "everything", "m", address_taken=True)
    build = FunctionBuilder(function)
    build.position_at(build.block("start"))
    slot = build.local("slot", POINTER)
    for subject in SUBJECTS:
        build.write(slot, ops.SymbolAddress(subject.name))
    build.ret()
    program.functions["everything"] = build.finish()


@pytest.fixture(scope="module", params=[Optimisation.NONE, Optimisation.FULL], ids=["O0", "O2"])
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[llvm.ExecutionEngine, dict[int, Defect]]]:
    program = build_program()
    keep_all(program)
    run_passes(program, PassOptions(verify_each=True))
    text = unit_text(program, "m", PROGRAM, CodegenOptions())
    compile_text(text, PROGRAM, request.param)  # what the JIT runs also makes an object
    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        opt=request.param.value, reloc="pic", codemodel="large", jit=True
    )
    triple = f'target triple = "{PROGRAM.triple}"'
    module = llvm.parse_assembly(
        text.replace(triple, f'target triple = "{llvm.get_process_triple()}"').replace("hidden ", "")
    )
    tuning = llvm.create_pipeline_tuning_options(speed_level=request.param.value)
    passes = llvm.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(module, passes)
    nothing = ctypes.CFUNCTYPE(None)(lambda: None)
    address = ctypes.cast(nothing, ctypes.c_void_p).value
    for name in ("pyc_traceback_start", "pyc_traceback_add"):
        llvm.add_symbol(name, address)
    made = llvm.create_mcjit_compiler(module, machine)
    made.finalize_object()
    defects = {made.get_global_value_address(program.defects[defect.name]): defect for defect in Defect}
    yield made, defects
    del nothing


def interesting(bits: int) -> st.SearchStrategy[int]:
    edges = [
        0,
        1,
        -1,
        2,
        3,
        -2,
        7,
        -7,
        (1 << (bits - 1)) - 1,
        -(1 << (bits - 1)),
        1 << (bits // 2),
        (1 << (bits - 2)) + 1,
    ]
    return st.one_of(st.sampled_from(edges), st.integers(-(1 << (bits - 1)), (1 << (bits - 1)) - 1))


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
def test_against_python(subject: Subject, engine: tuple[llvm.ExecutionEngine, dict[int, Defect]]) -> None:
    made, defects = engine
    call = ctypes.CFUNCTYPE(Outcome, ctypes.c_int64, ctypes.c_int64)(made.get_function_address(subject.name))

    @settings(max_examples=30, deadline=None, database=None)
    @given(interesting(subject.bits), interesting(subject.bits))
    def compare(left: int, right: int) -> None:
        outcome = call(left, right)
        mask = (1 << subject.bits) - 1
        readings = (left, right) if subject.signed else (left & mask, right & mask)
        expected = subject.expect(*readings)
        if isinstance(expected, Defect):
            assert defects.get(outcome.exception or 0) is expected
        else:
            assert outcome.exception is None
            assert (outcome.value - expected) % (1 << _result_bits(subject)) == 0

    compare()


def _result_bits(subject: Subject) -> int:
    return int(subject.name.rsplit("_", 1)[1]) if subject.name.startswith("range") else subject.bits


def test_reps_of_the_wrapper() -> None:
    """The ctypes structure above is what {i64, ptr} means."""
    rep: Rep = REF
    assert ctypes.sizeof(Outcome) == 16 and str(rep) == "ref"
