"""The vocabulary's types, judged by mypy over a source that uses them all and over lines that it must refuse."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import runtime.lang as vocabulary
from runtime.lang import PhysicalAddress, UserPtr, VirtualAddress, new_array, u8, u16, u32
from tests.runtime.lang import sample_source

ROOT = Path(__file__).resolve().parents[3]

REFUSED = """
from __future__ import annotations
from runtime.lang import Array, PhysicalAddress, Ptr, UserPtr, VirtualAddress, new_array, pointer_to, struct, u8, zeroed

@struct
class Pair:
    a: u8
    b: u8

def wrong(p: Ptr[u8], a: PhysicalAddress, v: VirtualAddress, user: UserPtr[u8], n: Array[u8]) -> None:
    p[0] = "text"  # refuse: assignment
    p + p  # refuse: operator
    a + a  # refuse: operator
    a - v  # refuse: operator
    a < v  # refuse: operator
    user[0]  # refuse: index
    n[0] = 1.5  # refuse: call-overload
    Pair(1)  # refuse: call-arg
    Pair(1, 2, 3)  # refuse: call-arg
    zeroed(Pair).c  # refuse: attr-defined
    pointer_to(Pair(1, 2))[0].a = None  # refuse: assignment
    new_array(u8, "3")  # refuse: arg-type
"""


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--follow-imports=silent", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def lines_of(text: str, name: str) -> list[str]:
    return [line for line in text.splitlines() if name in line and " error: " in line]


def test_a_source_that_uses_everything_is_accepted(tmp_path: Path):
    sample = Path(sample_source.__file__).read_text()
    copy = tmp_path / "accepted.py"  # under the strict rules, not those of tests
    copy.write_text(sample)
    result = mypy(str(copy))
    assert lines_of(result.stdout, "accepted.py") == []
    assert (result.returncode, result.stderr) == (0, "")


def test_wrong_lines_are_refused_one_by_one(tmp_path: Path):
    source = tmp_path / "refused.py"
    source.write_text(REFUSED)
    found = {int(line.split(":")[1]) for line in lines_of(mypy(str(source)).stdout, "refused.py")}
    expected = {number for number, line in enumerate(REFUSED.splitlines(), 1) if "# refuse" in line}
    assert found == expected


def test_all_names_are_exported_and_exist():
    assert len(vocabulary.__all__) == len(set(vocabulary.__all__))
    assert all(hasattr(vocabulary, name) for name in vocabulary.__all__)


def test_the_sample_runs_too(simulated_machine):
    source = new_array(u8, 4)
    source.fill(u8(9))
    assert sample_source.memory_work(source) == bytes([9] * 8 + [255, 255, 0, 0] + [9] * 4)
    assert sample_source.struct_work() == "7 24 96 60 4"
    assert sample_source.mixed(u8(1), u16(0xFFF), [5, 6]) == 250 + 6 + 32767
    assert sample_source.address_work(PhysicalAddress(1), VirtualAddress(2), UserPtr[u32](16)) == 21
    assert sample_source.port_work() == 0xFF
    sample_source.on_tick()
    assert sample_source.counter[0] == 4
    assert sample_source.vector() == sample_source.vector()
    with pytest.raises(Exception, match="compiled code only"):
        sample_source.entry()
