"""Whole objects: linked programs run, and readelf, objdump, addr2line and gdb agree with what was asked for.

The program is two units written as IR text: `start` plays the runtime (entry in assembly, an allocator that only goes
up, a traceback that remembers its last line in the exit code), `app` uses it.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from compiler.codegen.machine import Optimisation, compile_text
from compiler.codegen.unit_text import CodegenOptions, unit_text, units_of
from compiler.ir.module import DataItem, DataReference, DataSection, Program
from compiler.ir.ops import Defect
from compiler.ir.reader import read_program
from compiler.link.linker import link_program
from compiler.link.object_file import ImageKind, InputObject, LinkOptions
from compiler.passes.table import PassOptions, run_passes
from compiler.target import KERNEL, PROGRAM, TargetSpec

START = r"""
entry @_start
data @next WRITABLE align=8 unit="start" [@arena]
data @arena ZERO align=16 size=4096 unit="start" []
data @released ZERO align=8 size=8 unit="start" []
data @last_line ZERO align=8 size=8 unit="start" []
data @class.Node READ_ONLY align=8 unit="start" [x0000000000000000 @class.Node x0000]

function @_start() -> {} {unit="start" file="/s.py" line=1 name="_start" exported}
  assembly "  xor ebp, ebp # outermost frame\n  call main\n  mov edi, eax\n  mov eax, 60\n  syscall"
end

function @pyc_allocate(%size: i64) -> ptr {unit="start" file="/s.py" line=10 name="allocate" exported}
  ^start:
    %0: ptr = load(ptr @next, 0, false, false, 0) @11
    %1: ptr = offset(%0, %size, 1, 0) @12
    store(ptr @next, 0, %1, false, false, 0) @12
    return(%0) @13
end

function @pyc_release_last(%object: ptr) -> {} {unit="start" file="/s.py" line=20 name="drop" exported}
  ^start:
    %0: i64 = load(ptr @released, 0, false, false, 0) @21
    %1: i64 = integer(ADD, %0, i64 1) @21
    store(ptr @released, 0, %1, false, false, 0) @21
    return(null {}) @21
end

function @pyc_traceback_start(%e: ptr, %r: ptr, %line: i64) -> {} {unit="start" file="/s.py" line=30 name="t" exported}
  ^start:
    store(ptr @last_line, 0, %line, false, false, 0) @31
    return(null {}) @31
end

function @pyc_traceback_add(%e: ptr, %r: ptr, %line: i64) -> {} {unit="start" file="/s.py" line=40 name="t" exported}
  ^start:
    return(null {}) @41
end

function @memset(%p: ptr, %v: i32, %n: i64) -> ptr {unit="start" file="/s.py" line=45 name="memset" exported}
  assembly "  mov r8, rdi\n  mov eax, esi\n  mov rcx, rdx\n  rep stosb\n  mov rax, r8\n  ret"
end

function @twice(%n: i64) -> i64 {unit="start" file="/s.py" line=50 name="twice" may_raise}
  ^start:
    %0: i64 = checked_integer(ADD, true, %n, %n) @51
    return(%0) @51
end
"""

APP = r"""
function @make(%n: i64) -> ref {unit="app" file="/src/app.py" line=1 name="make" may_raise no_inline}
  ^start:
    %0: ref = allocate_object("class.Node", 32, none) @2
    store(%0, 24, %n, false, false, 0) @3
    return(%0) @4
end

function @divide(%a: i64, %b: i64) -> i64 {unit="app" file="/src/app.py" line=10 name="divide" may_raise no_inline}
  ^start:
    %0: i64 = floor_divide(false, true, %a, %b, INTEGER_DIVISION_BY_ZERO) @12
    return(%0) @12
end

function @main() -> i32 {unit="app" file="/src/app.py" line=20 name="main" exported}
  local $node: ref
  local $result: i64
  local $.caught: ref
  ^start handler(^failed, $.caught):
    write_local($result, i64 0) @21
    %0: ref = call("make", [i64 -7], false) @22
    write_local($node, %0) @22
    %1: ref = call("make", [i64 5], false) @23
    %2: ref = read_local($node) @23
    store(%2, 16, %1, true, false, 0) @23
    %3: ref = call("make", [i64 6], false) @24
    store(%2, 16, %3, true, false, 0) @24
    %4: i64 = load(%2, 24, false, false, 0) @25
    %5: i64 = call("divide", [%4, i64 2], false) @25
    %6: i64 = call("twice", [%5], false) @26
    write_local($result, %6) @26
    %7: i64 = call("divide", [%6, i64 0], false) @27
    write_local($result, %7) @27
    jump(^end) @27
  ^failed:
    clear_local($node) @28
    clear_local($.caught) @28
    jump(^end) @28
  ^end:
    %8: i64 = read_local($result) @29
    %9: i64 = load(ptr @released, 0, false, false, 0) @29
    %10: i64 = load(ptr @last_line, 0, false, false, 0) @29
    %11: i64 = integer(MUL, %9, i64 50) @29
    %12: i64 = integer(ADD, %11, %8) @29
    %13: i64 = integer(ADD, %12, %10) @29
    %14: i32 = convert(TRUNCATE, %13) @29
    return(%14) @29
end
"""
EXIT_CODE = 2 * 50 + 2 * (-7 // 2) + 12
"""Two objects released (the replaced one and the first), -4 doubled, the division failed on line 12."""


def build(target: TargetSpec, optimisation: Optimisation) -> dict[str, bytes]:
    """Objects by unit."""
    program = read_program(START + APP)
    program.entry_symbol = "_start"
    for defect in Defect:
        symbol = program.defects[defect.name] = f"defect.{defect.name}"
        parts: tuple[bytes | DataReference, ...] = (b"\xff" * 8, DataReference("class.Node"))
        program.data[symbol] = DataItem(symbol, "start", DataSection.READ_ONLY, 8, parts)
    run_passes(program, PassOptions(verify_each=True))
    options = CodegenOptions(optimise=optimisation is Optimisation.FULL)
    return {
        unit: compile_text(unit_text(program, unit, target, options), target, optimisation).object
        for unit in units_of(program)
    }


def run_tool(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.fixture(params=list(Optimisation), ids=lambda level: level.name)
def executable(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    objects = [InputObject(name, data) for name, data in build(PROGRAM, request.param).items()]
    path = tmp_path / "program"
    path.write_bytes(link_program(objects, LinkOptions(ImageKind.LINUX_ELF)).data)
    path.chmod(0o755)
    return path


def test_it_runs(executable: Path) -> None:
    assert subprocess.run([executable], timeout=10).returncode == EXIT_CODE


def test_a_debugger_finds_the_lines(executable: Path) -> None:
    symbols = dict(line.split()[::-2] for line in run_tool("nm", executable).splitlines() if len(line.split()) == 3)
    assert run_tool("addr2line", "-e", executable, symbols["divide"]).strip() == "/src/app.py:10"
    shown = run_tool("gdb", "-batch", "-nx", "-ex", "break app.py:12", "-ex", "run", "-ex", "backtrace", executable)
    assert re.search(r"divide \(a=-7, b=2\) at app.py:12", shown), shown
    assert re.search(r"main \(\) at app.py:25", shown), shown


def test_small_functions_are_inlined_across_units(tmp_path: Path) -> None:
    path = tmp_path / "app.o"
    path.write_bytes(build(PROGRAM, Optimisation.FULL)["app"])
    assert "twice" not in run_tool("nm", path)
    path.write_bytes(build(PROGRAM, Optimisation.NONE)["app"])
    assert "U twice" in run_tool("nm", path)


@pytest.mark.parametrize("level", list(Optimisation))
def test_kernel_objects(level: Optimisation, tmp_path: Path) -> None:
    """RIP-relative, no vector registers, no red zone, frame pointers, constants with addresses apart."""
    for name, data in build(KERNEL, level).items():
        path = tmp_path / f"{name}.o"
        path.write_bytes(data)
        relocations = run_tool("readelf", "-rW", path)
        assert set(re.findall(r"R_X86_64_\w+", relocations)) <= {
            "R_X86_64_PC32",
            "R_X86_64_PLT32",
            "R_X86_64_64",
            "R_X86_64_32",
        }
        text = run_tool("objdump", "-dr", "--no-show-raw-insn", "-Mintel", path)
        assert not re.search(r"\bxmm|\[rsp-", text)
        assert ".eh_frame" not in run_tool("readelf", "-SW", path)
        code = [line for line in relocations.split("Relocation section") if line.startswith(" '.rela.text")]
        assert all("R_X86_64_32" not in part for part in code)
    sections = run_tool("readelf", "-SW", tmp_path / "start.o")
    assert re.search(r"\.data\.rel\.ro\.class\.Node +PROGBITS .* WA ", sections)
    assert re.search(r"\.bss\.arena +NOBITS", sections)


def test_two_builds_are_equal() -> None:
    assert build(PROGRAM, Optimisation.FULL) == build(PROGRAM, Optimisation.FULL)


def test_a_program_without_addresses_in_data_has_no_functions_unit() -> None:
    """A unit of data alone is a unit."""
    program = Program(data={"x": DataItem("x", "only", DataSection.READ_ONLY, 8, (b"abc",), exported=True)})
    (unit,) = units_of(program)
    text = unit_text(program, unit, PROGRAM, CodegenOptions())
    assert compile_text(text, PROGRAM, Optimisation.NONE).object.startswith(b"\x7fELF")
