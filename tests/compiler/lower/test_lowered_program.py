"""One program with every family of statements and expressions: it verifies, and its parts have the promised form."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.ir import ops
from compiler.ir.module import DataReference, DataSection, Program
from tests.compiler.lower.lowered import function, lower_source, operations

SOURCE = """
from __future__ import annotations

from typing import Final

from runtime.lang import Array, bits, new_array, struct, u8, u16, u64

TABLE: Final = (1, 2, 3)
NAMES: list[str] = ["a", "b"]
_buffer: Array[u64] = new_array(u64, 512, align=4096)


@struct
class Flags:
    low: u8 = bits(3)
    high: u8 = bits(5)
    count: u16


class Base:
    def __init__(self, name: str) -> None:
        self.name = name

    def sound(self) -> str:
        return "..."


class Child(Base):
    def sound(self) -> str:
        return "woof"


def add(a: int, b: int) -> int:
    return a + b


def shift(a: int, b: int) -> int:
    return a << b


def compare(a: u64, b: int) -> bool:
    return a < b


def virtual(value: Base) -> str:
    return value.sound()


def fields(flags: Flags) -> int:
    flags.low = 5
    return int(flags.high)


def unbound(flag: bool) -> int:
    if flag:
        x = 1
    return x


def reassigned(n: int) -> int:
    n += 1
    return n


def leave(n: int) -> int:
    for i in range(n):
        try:
            if i == 3:
                return i
            continue
        except ValueError as error:
            print(error)
            raise
        finally:
            print(i)
    return 0


def buffer(i: int) -> int:
    return int(_buffer[i]) + TABLE[1]


def main() -> None:
    for value in [Base("x"), Child("y")]:
        print(virtual(value), value.name)
    print(add(1, 2), shift(1, 3), compare(u64(1), 2), fields(Flags(1, 2, 3)))
    print(unbound(True), reassigned(1), leave(2), buffer(0))
    NAMES.append("c")


main()
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return lower_source(tmp_path_factory.mktemp("lowered"), SOURCE)


def test_addition_is_checked(program: Program) -> None:
    (addition,) = operations(function(program, "add"), ops.CheckedInteger)
    assert isinstance(addition, ops.CheckedInteger) and addition.signed


def test_a_lost_bit_of_a_shift_is_checked(program: Program) -> None:
    checks = operations(function(program, "shift"), ops.Check)
    assert [check.defect for check in checks if isinstance(check, ops.Check)] == [
        ops.Defect.NEGATIVE_SHIFT,
        ops.Defect.OVERFLOW,
    ]


def test_u64_and_int_compare_mathematically(program: Program) -> None:
    (comparison,) = operations(function(program, "compare"), ops.Compare)
    assert isinstance(comparison, ops.Compare)
    assert str(comparison.left.rep) == "i128" and comparison.comparison is ops.Comparison.SLT


def test_a_virtual_call_names_its_targets(program: Program) -> None:
    (call,) = operations(function(program, "virtual"), ops.CallIndirect)
    assert isinstance(call, ops.CallIndirect) and call.targets is not None
    assert set(call.targets) == {"__main__.Base.sound", "__main__.Child.sound"}
    assert all(program.functions[target].address_taken for target in call.targets)


def test_the_vtable_of_the_subclass_holds_its_own_method(program: Program) -> None:
    parts = program.data["class.__main__.Child"].parts
    references = [part.symbol for part in parts if isinstance(part, DataReference)]
    # Nothing new to release: the base's drop function serves both.
    assert references[0] == "drop.class.__main__.Base" and references[1] == "class.__main__.Base"
    assert references[-1] == "__main__.Child.sound"


def test_dropping_releases_counted_fields_and_frees(program: Program) -> None:
    drop = program.functions["drop.class.__main__.Base"]
    assert len(operations(drop, ops.Take)) == 1 and len(operations(drop, ops.FreeObject)) == 1
    assert not drop.may_raise


def test_an_uncertain_local_has_its_defect(program: Program) -> None:
    (local,) = [local for local in function(program, "unbound").locals if local.name == "x"]
    assert local.unbound_defect == "defect.unbound.x" and local.unbound_defect in program.data


def test_only_a_reassigned_parameter_gets_a_home(program: Program) -> None:
    assert [local.name for local in function(program, "reassigned").locals] == ["n"]
    assert not function(program, "add").locals


def test_every_way_out_has_its_copy_of_finally(program: Program) -> None:
    """return, continue, and an exception; the normal end of the body is never reached."""
    calls = operations(function(program, "leave"), ops.Call)
    written = [call for call in calls if isinstance(call, ops.Call) and call.symbol.endswith("int_to_string")]
    assert len(written) >= 3


def test_nothing_that_passes_insert_is_emitted(program: Program) -> None:
    for found in program.functions.values():
        assert not operations(found, ops.Retain) and not operations(found, ops.Release)


def test_module_arrays_are_zero_memory_with_their_alignment(program: Program) -> None:
    items = [item for item in program.data.values() if item.unit == "__main__" and item.size == 4096]
    assert [(item.section, item.alignment) for item in items] == [(DataSection.ZERO, 4096)]


def test_defects_are_immortal_objects(program: Program) -> None:
    item = program.data[program.defects["OVERFLOW"]]
    count = item.parts[0]
    assert isinstance(count, bytes) and int.from_bytes(count[:8], "little", signed=True) == -1


def test_lowering_is_deterministic(tmp_path: Path, program: Program) -> None:
    again = lower_source(tmp_path, SOURCE)
    assert list(again.functions) == list(program.functions) and list(again.data) == list(program.data)
