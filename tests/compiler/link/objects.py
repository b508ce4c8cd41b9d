"""Test objects: assembled and compiled by LLVM, or by clang where a test wants C and clang is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

import llvmlite.binding as llvm
import pytest

from compiler.link.linker import link_program
from compiler.link.object_file import ImageKind, InputObject, LinkedImage, LinkOptions

TRIPLE = "x86_64-unknown-linux-gnu"


@lru_cache(maxsize=1)
def _initialize() -> None:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    llvm.initialize_native_asmparser()


@lru_cache(maxsize=256)
def compile_ir(text: str, name: str = "ir.o", relocation_model: str = "pic") -> InputObject:
    """LLVM IR → object."""
    _initialize()
    machine = llvm.Target.from_triple(TRIPLE).create_target_machine(reloc=relocation_model, codemodel="small")
    return InputObject(name, machine.emit_object(llvm.parse_assembly(f'target triple = "{TRIPLE}"\n{text}')))


def assemble(text: str, name: str = "asm.o") -> InputObject:
    """Assembly (AT&T) → object."""
    lines = []
    for line in text.strip().splitlines():
        escaped = line.strip().replace("\\", "\\5C").replace('"', "\\22")
        lines.append(f'module asm "{escaped}"')
    return compile_ir("\n".join(lines), name)


def compile_c(text: str, folder: Path, *flags: str, name: str = "c.o") -> InputObject:
    """C → object by clang, with a section for each function and datum."""
    clang = need("clang")
    source = folder / (name.removesuffix(".o") + ".c")
    source.write_text(text)
    sections = ("-ffunction-sections", "-fdata-sections", "-ffreestanding", "-fno-stack-protector")
    command = (clang, "-target", TRIPLE, *sections, *flags, "-c", source.name, "-o", name)
    subprocess.run(command, check=True, cwd=folder)
    return InputObject(name, (folder / name).read_bytes())


def need(tool: str) -> str:
    """The path of a tool, or the test is skipped."""
    path = shutil.which(tool, path=os.environ["PATH"] + ":/sbin:/usr/sbin")
    if path is None:
        pytest.skip(f"{tool} is not installed")
    return path


def run_tool(tool: str, *arguments: str) -> str:
    """Standard output of a judge, which must neither fail nor warn."""
    done = subprocess.run((need(tool), *arguments), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return done.stdout


def link_elf(*objects: InputObject, **options: object) -> LinkedImage:
    return link_program(list(objects), LinkOptions(ImageKind.LINUX_ELF, **options))  # type: ignore[arg-type]


def link_pe(*objects: InputObject, kind: ImageKind = ImageKind.UEFI_PE, **options: object) -> LinkedImage:
    return link_program(list(objects), LinkOptions(kind, **options))  # type: ignore[arg-type]


def write_program(image: LinkedImage, folder: Path, name: str = "program") -> Path:
    path = folder / name
    path.write_bytes(image.data)
    path.chmod(0o755)
    return path


EXIT_42 = """
    .section .text._start,"ax",@progbits
    .globl _start
    .type _start,@function
_start:
    movl $60, %eax
    movl $42, %edi
    syscall
    .size _start, .-_start
"""
