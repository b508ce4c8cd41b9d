"""One broken function per rule of the verifier; each is refused with a message that says what is wrong."""

from __future__ import annotations

import pytest

from compiler.diagnostics.errors import InternalError
from compiler.ir import ops
from compiler.ir.builder import FunctionBuilder, integer_constant
from compiler.ir.module import Function, Program
from compiler.ir.ops import Block, Local, Signature
from compiler.ir.reader import ReadError, read_program
from compiler.ir.types import I8, I64, UNIT
from compiler.ir.verify import Level, VerifyError, verify_program

HEAD = """
external @g(i64) -> i64 raises
function @f(%a: i64, %o: ref) -> i64 {unit="m" file="m.py" line=1 name="f" may_raise}
  local $x: i64
"""
RETURN = "return(%a) @1"
BROKEN = [
    (Level.LOWERED, "^s:\n %0: i64 = integer(ADD, %a, %a) @1", "no terminator"),
    (Level.LOWERED, f"^s:\n {RETURN}\n {RETURN}", "terminator in the middle"),
    (
        Level.LOWERED,
        "^s:\n return(%0) @1\n ^t:\n %0: i64 = integer(ADD, %a, %a) @1\n return(%0) @1",
        "does not come first",
    ),
    (
        Level.LOWERED,
        "^s:\n %0: i64 = integer(ADD, %1, %a) @1\n %1: i64 = integer(ADD, %a, %a) @1\n return(%0) @1",
        "before",
    ),
    (Level.LOWERED, "^s:\n %0: i64 = integer(ADD, %a, i8 1) @1\n return(%0) @1", "right: i8 where i64"),
    (Level.LOWERED, '^s:\n %0: i64 = call("g", [%o], false) @1\n return(%0) @1', "argument 0: ref where i64"),
    (Level.LOWERED, '^s:\n %0: i64 = call("g", [], false) @1\n return(%0) @1', "0 arguments where 1"),
    (Level.LOWERED, '^s:\n %0: i64 = call("nobody", [], false) @1\n return(%0) @1', "nowhere declared"),
    (Level.LOWERED, "^s:\n return(%o) @1", "result: ref where i64"),
    (Level.LOWERED, f"^s:\n write_local($x, %o) @1\n {RETURN}", "assigned value: ref"),
    (Level.LOWERED, f"^s:\n retain(%o, false) @1\n {RETURN}", "not allowed at level LOWERED"),
    (
        Level.LOWERED,
        f"^s:\n %0: {{i64}} = make_aggregate([%a]) @1\n %1: i64 = extract(%0, 1) @1\n {RETURN}",
        "no part 1",
    ),
    (Level.LOWERED, "^s:\n branch(%a, ^s, ^s, none) @1", "condition: i64 where i1"),
    (Level.LOWERED, f"^s:\n %0: i8 = range_check(%a, true, 0, 256, false) @1\n {RETURN}", "expected"),
    (Level.LOWERED, f"^s:\n %0: i8 = range_check(%a, true, 0, 256) @1\n {RETURN}", "does not fit i8"),
    (Level.FAILURES_EXPLICIT, '^s:\n %0: i64 = call("g", [%a], false) @1\n return(%0) @1', "no branch follows"),
    (Level.FAILURES_EXPLICIT, f"^s:\n %0: {{}} = check(i1 1, ASSERTION) @1\n {RETURN}", "not allowed at level"),
    (
        Level.FAILURES_EXPLICIT,
        '^s:\n %0: i64 = call("g", [%a], false) @1\n branch_failure(%0, ^t, ^u) @1\n'
        " ^t:\n return(%0) @1\n ^u:\n return(%0) @1",
        "does not come first",
    ),
    (
        Level.FAILURES_EXPLICIT,
        '^s:\n %0: i64 = call("g", [%a], false) @1\n branch_failure(%0, ^t, ^u) @1\n ^t:\n return(%a) @1\n'
        " ^u:\n %1: ref = failure(%0) @1\n return_failure(%1) @1",
        "has not failed",
    ),
    (Level.COUNTS_EXPLICIT, f"^s:\n store(%o, 16, %o, true, false, 0) @1\n {RETURN}", "still replaces"),
    (Level.COUNTS_EXPLICIT, f"^s:\n release(%a, false) @1\n {RETURN}", "not managed"),
]


@pytest.mark.parametrize(
    ("level", "body", "message"), BROKEN, ids=lambda value: value if isinstance(value, str) else None
)
def test_refused(level: Level, body: str, message: str) -> None:
    with pytest.raises(InternalError, match=message) as caught:
        verify_program(read_program(f"{HEAD}{body}\nend"), level, "test")
    assert isinstance(caught.value, VerifyError | ReadError)


def test_a_block_of_another_function() -> None:
    function = Function("f", [], UNIT, "m.py", 1, "f", "m")
    function.blocks = [Block("start", [ops.Jump(Block("elsewhere"))])]
    with pytest.raises(VerifyError, match="elsewhere"):
        verify_program(Program(functions={"f": function}), Level.LOWERED, "test")


def test_a_local_of_another_function() -> None:
    function = Function("f", [], UNIT, "m.py", 1, "f", "m")
    read = ops.ReadLocal(Local("x", I64), I64)
    function.blocks = [Block("start", [read, ops.Return(ops.Constant(UNIT, None))])]
    with pytest.raises(VerifyError, match="belongs to another function"):
        verify_program(Program(functions={"f": function}), Level.LOWERED, "test")


def test_the_builder_refuses_what_follows_the_end() -> None:
    function = Function("f", [], UNIT, "m.py", 7, "f", "m")
    build = FunctionBuilder(function)
    build.position_at(build.block("start"))
    ended = build.ret()
    assert build.terminated and ended.line == 7
    with pytest.raises(InternalError, match="after the end"):
        build.ret()
    build.block("start")
    assert [block.name for block in function.blocks] == ["start", "start.1"]
    with pytest.raises(InternalError, match=r"start\.1 has no terminator"):
        build.finish()


def test_constants_fit() -> None:
    assert integer_constant(255, I8).value == 255
    with pytest.raises(InternalError):
        integer_constant(1 << 64)


def test_a_good_function_passes() -> None:
    program = read_program(f"{HEAD}^s:\n {RETURN}\nend")
    verify_program(program, Level.LOWERED, "test")
    assert program.signature("g") == Signature((I64,), I64, True)
