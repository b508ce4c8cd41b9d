"""run and elf: programs from the disk and the one inside the kernel. What they print is the seed's form."""

from __future__ import annotations

from typing import Final

from kernel.console import console
from kernel.lib.byte_codec import array_of
from kernel.lib.path_text import normalise_path
from kernel.mm.physical_memory import free_frames
from kernel.monitor.command import STATUS_NOT_EXECUTABLE, reject_usage
from kernel.monitor.frame_count import show_difference
from kernel.monitor.machine import require_volume
from kernel.proc.elf_format import ElfError
from kernel.proc.elf_loader import load_program
from kernel.proc.process import Process
from kernel.proc.run import prepare_stack, run_process
from runtime.lang import Array, embedded_file, u8, u64

# What a program finds in os.environ.
ENVIRONMENT: Final[tuple[bytes, ...]] = (b"PATH=/bin", b"HOME=/", b"TERM=linux", b"LANG=C.UTF-8")
LARGEST_PROGRAM: Final = 16 * 1024 * 1024


def run(words: list[str]) -> int:
    """Load a program from the disk and run it."""
    if len(words) < 2:
        return reject_usage("run PATH [ARGUMENT ...]")
    path = normalise_path(words[1])
    console.line(f"Loading {path} from disk...")
    file = require_volume().load_file(path, LARGEST_PROGRAM)
    console.line(f"Loaded {len(file)} bytes")
    before = free_frames()
    status = run_file(words[1:], file, "Running in Ring 3...")
    console.CONSOLE.begin_line()
    if status != STATUS_NOT_EXECUTABLE:
        console.line(f"Program exited. Status: {status}")
    show_difference(before, free_frames())
    return status


def elf(words: list[str]) -> int:
    """Run the program that was built into the kernel."""
    console.line("Running ELF binary in Ring 3...")
    file = array_of(embedded_file("hello"))
    before = free_frames()
    status = run_file(["hello"], file, "")
    console.CONSOLE.begin_line()
    show_difference(before, free_frames())
    return status


def run_file(words: list[str], file: Array[u8], announcement: str) -> int:
    """Load and run; the exit status, or that of a file that is no program."""
    process = Process(words[0])
    try:
        return load_and_run(process, words, file, announcement)
    except ElfError as error:
        console.line(f"{words[0]}: not executable: {error.reason}")
        return STATUS_NOT_EXECUTABLE
    finally:
        process.destroy()


def load_and_run(process: Process, words: list[str], file: Array[u8], announcement: str) -> int:
    program = load_program(process.memory, file)
    console.line(f"Entry point: {program.facts.entry:#x}")
    console.line(f"LOAD segments: {program.segment_count}")
    if len(announcement) > 0:
        console.line(announcement)
    stack = prepare_stack(process, program, encoded(words), environment())
    return run_process(process, u64(program.facts.entry), stack)


def encoded(words: list[str]) -> list[bytes]:
    texts: list[bytes] = []
    for word in words:
        texts.append(word.encode("utf-8"))
    return texts


def environment() -> list[bytes]:
    texts: list[bytes] = []
    for text in ENVIRONMENT:
        texts.append(text)
    return texts
