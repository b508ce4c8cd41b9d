"""Every relocation type against its formula, its limits, and objdump's reading of rewritten instructions."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.object_file import ImageKind, InputObject, LinkedImage
from tests.compiler.link.objects import assemble, compile_ir, link_elf, link_pe, run_tool, write_program

START = '.section .text._start,"ax"\n.globl _start\n_start: leaq d(%rip), %rax\nret\n'
TARGET = '.section .data.t,"aw"\n.globl t\nt: .quad 1, 2\n.size t, 16\n'


def word_at_d(line: str, size: int, *more: InputObject, base: int | None = None) -> tuple[int, dict[str, int]]:
    """Assemble one data directive at `d`, link, and give the linked value and all addresses."""
    text = f'{START}{TARGET}.section .data.d,"aw"\n.globl d\nd: {line}\n'
    image = link_elf(assemble(text), *more, base_address=base)
    addresses = {symbol.name: symbol.address for symbol in image.symbols}
    return int.from_bytes(bytes_at(image, addresses["d"], size), "little", signed=True), addresses


def bytes_at(image: LinkedImage, address: int, size: int) -> bytes:
    for segment in ELFFile(io.BytesIO(image.data)).iter_segments("PT_LOAD"):
        if segment["p_vaddr"] <= address < segment["p_vaddr"] + segment["p_filesz"]:
            start = segment["p_offset"] + address - segment["p_vaddr"]
            return image.data[start : start + size]
    raise AssertionError(f"no bytes at {address:#x}")


def test_absolute_words() -> None:
    for line, size in ((".quad t + 8", 8), (".long t + 8", 4)):
        value, addresses = word_at_d(line, size)
        assert value == addresses["t"] + 8


def test_distances() -> None:
    for line, size in ((".quad t - . + 3", 8), (".long t - . + 3", 4), (".word t - . + 3", 2)):
        value, addresses = word_at_d(line, size)
        assert value == addresses["t"] + 3 - addresses["d"]


def test_sizes() -> None:
    assert word_at_d(".long t@SIZE", 4)[0] == 16
    assert word_at_d(".quad t@SIZE + 1", 8)[0] == 17


def test_table_distances() -> None:
    value, addresses = word_at_d(".long t@GOTPCREL", 4)
    assert value != addresses["t"] - addresses["d"]
    image = link_elf(assemble(f'{START}{TARGET}.section .data.d,"aw"\n.globl d\nd: .long t@GOTPCREL\n'))
    places = {symbol.name: symbol.address for symbol in image.symbols}
    slot = places["d"] + struct.unpack("<i", bytes_at(image, places["d"], 4))[0]
    assert struct.unpack("<Q", bytes_at(image, slot, 8))[0] == places["t"]


def test_an_offset_from_the_table_and_the_distance_to_it_add_up() -> None:
    for more in ("", "\n.long t@GOTPCREL"):  # without a slot there is no table, and the sum must be right all the same
        line = f".quad t@GOTOFF\n.quad _GLOBAL_OFFSET_TABLE_ - .{more}"
        value, addresses = word_at_d(line, 16)
        offset, distance = struct.unpack("<qq", value.to_bytes(16, "little", signed=True))
        assert offset + distance + addresses["d"] + 8 == addresses["t"]


def test_narrow_words_overflow() -> None:
    for line in (".byte t", ".word t"):
        with pytest.raises(LinkError, match="cannot hold") as caught:
            word_at_d(line, 1, base=0x40_0000)
        assert caught.value.code is LinkErrorCode.RELOCATION_OVERFLOW


def test_32_bit_words_overflow_in_a_high_image() -> None:
    with pytest.raises(LinkError, match=r"\.data\.d\+0x0: R_X86_64_32 cannot hold 0x1000"):
        word_at_d(".long t", 4, base=0x1000_0000_0000)


def test_distances_do_not_depend_on_the_base() -> None:
    assert word_at_d(".long t - .", 4, base=0x7FFF_0000_0000)[0] == word_at_d(".long t - .", 4)[0]


def test_a_type_that_is_not_applied_is_refused_by_name() -> None:
    with pytest.raises(LinkError, match="R_X86_64_TLSGD") as caught:
        link_elf(
            assemble(f"{START}{TARGET}.data\n.globl d\nd: .quad 0\n.text\nx: .long 0\n.reloc x, R_X86_64_TLSGD, t"),
            collect_garbage=False,
        )
    assert caught.value.code is LinkErrorCode.UNKNOWN_RELOCATION


GOT_USES = """
    .section .text._start,"ax"
    .globl _start
    _start:
    movq t@GOTPCREL(%rip), %r11
    movl u@GOTPCREL(%rip), %ecx
    call *f@GOTPCREL(%rip)
    cmpq t@GOTPCREL(%rip), %rax
    movq nobody@GOTPCREL(%rip), %rdx
    jmp *f@GOTPCREL(%rip)
    .weak nobody
    .section .text.f,"ax"
    .globl f
    f: ret
    .data
    .globl u
    u: .long 7
"""


def test_loads_from_the_table_become_direct_where_they_can(tmp_path: Path) -> None:
    image = link_elf(assemble(GOT_USES + TARGET))
    places = {symbol.name: symbol.address for symbol in image.symbols}
    shown = run_tool("objdump", "-d", "--no-show-raw-insn", str(write_program(image, tmp_path)))
    lines = [line.split("\t")[1].split() for line in shown.splitlines() if line.startswith("  4")]
    assert lines[0][0] == "lea" and lines[0][-2] == f"{places['t']:x}"
    assert lines[1][0] == "lea" and lines[1][-2] == f"{places['u']:x}"
    assert lines[2][:2] == ["addr32", "call"] and lines[2][2] == f"{places['f']:x}"
    assert lines[3][0] == "cmp" and lines[3][-1] != "<t>"
    assert lines[4][0] == "mov"  # the slot of a name that nobody defines holds 0
    assert lines[5][0] == "jmp" and lines[5][1] == f"{places['f']:x}"
    assert lines[6][0] == "nop"
    slot = int(lines[4][-2], 16)
    assert bytes_at(image, slot, 8) == bytes(8)


def test_an_image_that_moves_refuses_fixed_addresses() -> None:
    start = '.section .text._start,"ax"\n.globl _start\n_start: movl $t, %eax\nret\n'
    for kind in (ImageKind.UEFI_PE, ImageKind.KERNEL_PE):
        with pytest.raises(LinkError, match="R_X86_64_32 fixes the address of t") as caught:
            link_pe(assemble(start + TARGET), kind=kind)
        assert caught.value.code is LinkErrorCode.FIXED_ADDRESS


def test_a_kernel_refuses_addresses_inside_code() -> None:
    start = '.section .text._start,"ax"\n.globl _start\n_start: movabsq $t, %rax\nret\n'
    link_pe(assemble(start + TARGET))
    with pytest.raises(LinkError, match="R_X86_64_64 fixes"):
        link_pe(assemble(start + TARGET), kind=ImageKind.KERNEL_PE)


def test_an_image_that_moves_refuses_distances_to_fixed_addresses() -> None:
    with pytest.raises(LinkError, match="R_X86_64_P"):
        link_pe(assemble('.globl a\na = 0x1000\n.section .text._start,"ax"\n.globl _start\n_start: call a'))


def test_equal_strings_are_kept_once_and_references_follow() -> None:
    def module(name: str) -> InputObject:
        return compile_ir(
            f"""
            @s = private unnamed_addr constant [14 x i8] c"shared string\\00"
            @o = private unnamed_addr constant [8 x i8] c"own {name:>3}\\00"
            @p{name} = constant [2 x ptr] [ptr @s, ptr getelementptr (i8, ptr @o, i64 4)]
            """,
            f"{name}.o",
        )

    start = assemble('.section .text._start,"ax"\n.globl _start\n_start: leaq pa(%rip), %rax\nleaq pb(%rip), %rax')
    image = link_elf(start, module("a"), module("b"))
    assert image.data.count(b"shared string\0") == 1
    places = {symbol.name: symbol.address for symbol in image.symbols}
    for name in ("a", "b"):
        shared, own = struct.unpack("<QQ", bytes_at(image, places[f"p{name}"], 16))
        assert bytes_at(image, shared, 14) == b"shared string\0"
        assert bytes_at(image, own, 4) == f"{name:>3}\0".encode()
