"""usermode, usertest, isolate: the three promises of user mode, shown with a page of machine code each."""

from __future__ import annotations

from kernel.console import console
from kernel.mm.page_fault import FAULT_STATUS
from kernel.mm.physical_memory import free_frames
from kernel.monitor.command import STATUS_FINE, complain
from kernel.proc.machine_code import CODE_ADDRESS, HELLO, TOUCH_KERNEL, first_stack, make_process
from kernel.proc.process import Process
from kernel.proc.run import run_process
from runtime.lang import u64


def usermode(words: list[str]) -> int:
    """Print from ring 3."""
    return run_code("usermode", HELLO)


def usertest(words: list[str]) -> int:
    """Kernel memory is out of reach of ring 3."""
    if run_code("usertest", TOUCH_KERNEL) != FAULT_STATUS:
        return complain("usertest", "a program read kernel memory")
    console.line("Protection test passed!")
    return STATUS_FINE


def isolate(words: list[str]) -> int:
    """Two programs at the same addresses, each in tables of its own."""
    first = make_process("A", HELLO)
    try:
        second = make_process("B", HELLO)
        try:
            return run_both(first, second)
        finally:
            second.destroy()
    finally:
        first.destroy()


def run_both(first: Process, second: Process) -> int:
    show_root(first)
    show_root(second)
    if first.memory.space.root.value == second.memory.space.root.value:
        return complain("isolate", "two processes share their page tables")
    status = run_process(first, u64(CODE_ADDRESS), first_stack())
    if status == STATUS_FINE:
        status = run_process(second, u64(CODE_ADDRESS), first_stack())
    before = free_frames()
    first.destroy()
    second.destroy()
    console.line(f"Frames reclaimed: {free_frames() - before}")
    return status


def show_root(process: Process) -> None:
    console.line(f"Process {process.name}: CR3 = {process.memory.space.root.value:#x}")


def run_code(name: str, code: bytes) -> int:
    """Run machine code in a process of its own; its exit status."""
    process = make_process(name, code)
    try:
        return run_process(process, u64(CODE_ADDRESS), first_stack())
    finally:
        process.destroy()
