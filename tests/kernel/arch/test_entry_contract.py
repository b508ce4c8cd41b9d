"""Entry code against the structures it fills: order of the pushes, offsets, and both assemblers take every text."""

from __future__ import annotations

import ast
import importlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kernel.arch.x86_64 import interrupts, per_cpu_block, registers, segments
from kernel.boot import high_half
from runtime.lang import offset_of, size_of

ROOT = Path(__file__).resolve().parents[3]
CPU_PUSHED = ["rip", "cs", "rflags", "rsp", "ss"]
NO_CODE = r"^\s*(#.*)?$"


def naked_functions() -> list[tuple[str, str, str]]:
    """Module, name and assembly text of every naked function of the kernel."""
    found = []
    for path in sorted((ROOT / "kernel").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and any(ast.unparse(d) == "naked" for d in node.decorator_list):
                calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
                text = next(ast.literal_eval(call.args[0]) for call in calls if ast.unparse(call.func) == "assembly")
                found.append((".".join(path.relative_to(ROOT).with_suffix("").parts), node.name, text))
    return found


def text_of(name: str) -> str:
    return next(text for _, function, text in naked_functions() if function == name)


def instructions(text: str, mnemonic: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines()]
    return [line.removeprefix(mnemonic).strip() for line in lines if line.startswith(mnemonic + " ")]


def field_order() -> list[str]:
    return list(registers.RegisterFrame.__annotations__)


def general_registers() -> list[str]:
    """The fields that are pushed one by one, in the order of the structure (the last push comes first)."""
    return [name for name in field_order() if name not in {"vector", "error", *CPU_PUSHED}]


@pytest.mark.parametrize("name", ["interrupt_common", "interrupt_paranoid"])
def test_interrupt_entries_push_the_frame(name: str) -> None:
    assert instructions(text_of(name), "push") == general_registers()[::-1]


def test_the_system_call_entry_pushes_the_frame() -> None:
    pushed = instructions(text_of("system_call_entry"), "push")
    head = ["{USER_DATA}", "qword ptr gs:[{BLOCK_SCRATCH}]", "r11", "{USER_CODE}", "rcx", "rax", "{SYSCALL_VECTOR}"]
    assert pushed == head + general_registers()[::-1]


@pytest.mark.parametrize(("name", "times"), [("interrupt_common", 1), ("interrupt_paranoid", 1), ("enter_user", 1)])
def test_exits_pop_the_frame(name: str, times: int) -> None:
    assert instructions(text_of(name), "pop") == general_registers() * times


def test_both_ways_out_of_a_system_call_pop_the_frame() -> None:
    assert instructions(text_of("system_call_entry"), "pop") == general_registers() * 2


def test_user_mode_saves_what_a_callee_must_keep() -> None:
    pushed = instructions(text_of("enter_user"), "push")
    assert instructions(text_of("leave_user"), "pop") == pushed[::-1]
    assert set(pushed[:-1]) == {"rbp", "rbx", "r12", "r13", "r14", "r15"}


@pytest.mark.parametrize("name", ["r11", "rcx", "vector", "rip", "cs", "rflags", "rsp", "ss"])
def test_frame_constants_are_offsets(name: str) -> None:
    assert getattr(registers, f"FRAME_{name.upper()}") == offset_of(registers.RegisterFrame, name)


def test_the_frame_keeps_the_stack_aligned() -> None:
    assert size_of(registers.RegisterFrame) == registers.FRAME_SIZE
    assert registers.FRAME_SIZE % 16 == 0


@pytest.mark.parametrize(
    ("constant", "field"),
    [
        ("BLOCK_SELF", "self_address"),
        ("BLOCK_SCRATCH", "scratch"),
        ("BLOCK_KERNEL_STACK", "kernel_stack"),
        ("BLOCK_RESUME", "resume"),
        ("BLOCK_EXIT_REQUESTED", "exit_requested"),
        ("BLOCK_EXIT_STATUS", "exit_status"),
        ("BLOCK_INDEX", "index"),
        ("BLOCK_GUARD_DEPTH", "guard_depth"),
        ("BLOCK_GUARD_FLAGS", "guard_flags"),
        ("BLOCK_HELD_RANKS", "held_ranks"),
    ],
)
def test_block_constants_are_offsets(constant: str, field: str) -> None:
    assert getattr(per_cpu_block, constant) == offset_of(per_cpu_block.PerCpuBlock, field)


def test_the_task_state_segment_is_the_manuals() -> None:
    assert size_of(segments.TaskStateSegment) == 104
    assert offset_of(segments.TaskStateSegment, "stack_0") == 4
    assert offset_of(segments.TaskStateSegment, "interrupt_stack_1") == 36
    assert offset_of(segments.TaskStateSegment, "port_map_offset") == 102


def test_error_code_vectors() -> None:
    vectors = [vector for vector in range(32) if interrupts.ERROR_CODE_VECTORS >> vector & 1]
    assert vectors == [8, 10, 11, 12, 13, 14, 17, 21, 29, 30]
    assert [vector for vector in range(32) if interrupts.PARANOID_VECTORS >> vector & 1] == [1, 2, 8, 18]


def test_the_switch_reads_its_parameters_in_order() -> None:
    fields = list(high_half.SwitchParameters.__annotations__)
    assert [offset_of(high_half.SwitchParameters, field) for field in fields] == list(range(0, 8 * len(fields), 8))
    loads = [line for line in instructions(text_of("enter_high_half"), "mov") if "[rdi" in line]
    assert len(loads) == len(fields)


def resolved(module: str, text: str) -> str:
    """The text with constants filled in, functions as names."""
    names = importlib.import_module(module)

    def value(match: re.Match[str]) -> str:
        found = getattr(names, match.group(1))
        return match.group(1) if callable(found) else str(int(found))

    return re.sub(r"\{(\w+)\}", value, text)


@pytest.mark.parametrize(("module", "name", "text"), naked_functions(), ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("assembler", [["llvm-mc", "-triple=x86_64", "-filetype=obj"], ["as", "--64"]])
def test_every_text_assembles(tmp_path: Path, assembler: list[str], module: str, name: str, text: str) -> None:
    if shutil.which(assembler[0]) is None:
        pytest.skip(f"{assembler[0]} is not installed")
    source = tmp_path / "text.s"
    source.write_text(f".intel_syntax noprefix\n.text\n{name}:\n{resolved(module, text)}\n")
    outcome = subprocess.run([*assembler, str(source), "-o", str(tmp_path / "text.o")], capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stderr


def test_stubs_are_sixteen_bytes_apart(tmp_path: Path) -> None:
    if shutil.which("as") is None or shutil.which("objdump") is None:
        pytest.skip("binutils are not installed")
    text = resolved("kernel.arch.x86_64.interrupts", text_of("interrupt_stubs"))
    source = tmp_path / "stubs.s"
    source.write_text(f".intel_syntax noprefix\n.text\n{text}\n")
    subprocess.run(["as", "--64", str(source), "-o", str(tmp_path / "stubs.o")], check=True)
    dump = subprocess.run(
        ["objdump", "-d", "-M", "intel", str(tmp_path / "stubs.o")], check=True, capture_output=True, text=True
    ).stdout
    jumps = [int(match.group(1), 16) for match in re.finditer(r"^\s*([0-9a-f]+):.*\bjmp\b", dump, re.M)]
    assert [jump // 16 for jump in jumps] == list(range(256))
    pushes = dict.fromkeys(range(256), 0)
    for match in re.finditer(r"^\s*([0-9a-f]+):.*\bpush\s+0x([0-9a-f]+)", dump, re.M):
        pushes[int(match.group(1), 16) // 16] = int(match.group(2), 16)
    assert pushes == {vector: vector for vector in range(256)}
