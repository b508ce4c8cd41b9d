"""Which definition a name means, and what is said when there is none or more than one."""

from __future__ import annotations

import io

import pytest
from elftools.elf.elffile import ELFFile

from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.object_file import InputObject, LinkedImage
from tests.compiler.link.objects import EXIT_42, assemble, link_elf


def data_symbol(name: str, value: int, binding: str = "globl", object_name: str = "d.o") -> InputObject:
    return assemble(
        f'.section .data.{name},"aw"\n.{binding} {name}\n{name}: .quad {value}\n.size {name}, 8', object_name
    )


def start_using(*names: str) -> InputObject:
    uses = "\n".join(f"leaq {name}(%rip), %rax" for name in names)
    return assemble(f'.section .text._start,"ax"\n.globl _start\n_start:\n{uses}\nret', "start.o")


def address_of(image: LinkedImage, name: str) -> int:
    [symbol] = [symbol for symbol in image.symbols if symbol.name == name]
    return symbol.address


def owner_of(image: LinkedImage, name: str) -> str:
    [symbol] = [symbol for symbol in image.symbols if symbol.name == name]
    return symbol.object_name


def test_a_strong_definition_beats_a_weak_one_in_either_order() -> None:
    weak, strong = data_symbol("x", 1, "weak", "weak.o"), data_symbol("x", 2, object_name="strong.o")
    assert owner_of(link_elf(start_using("x"), weak, strong), "x") == "strong.o"
    assert owner_of(link_elf(start_using("x"), strong, weak), "x") == "strong.o"


def test_of_two_weak_ones_the_first_wins() -> None:
    first, second = data_symbol("x", 1, "weak", "first.o"), data_symbol("x", 2, "weak", "second.o")
    assert owner_of(link_elf(start_using("x"), first, second), "x") == "first.o"


def test_two_strong_ones_are_refused_naming_both() -> None:
    with pytest.raises(LinkError, match=r"x is defined in one\.o and in two\.o") as caught:
        link_elf(start_using("x"), data_symbol("x", 1, object_name="one.o"), data_symbol("x", 2, object_name="two.o"))
    assert caught.value.code is LinkErrorCode.DUPLICATE_SYMBOL


def test_local_names_do_not_meet() -> None:
    other = assemble(".data\nx: .quad 1\n.globl y\ny: .quad x")
    link_elf(start_using("x", "y"), data_symbol("x", 2), other)


def test_commons_become_one_with_the_largest_size_and_alignment() -> None:
    small, large = assemble(".comm x,8,64", "small.o"), assemble(".comm x,800,8", "large.o")
    image = link_elf(start_using("x"), small, large)
    [symbol] = [symbol for symbol in image.symbols if symbol.name == "x"]
    assert (symbol.size, symbol.address % 64, symbol.section) == (800, 0, "bss")


def test_a_definition_beats_a_common() -> None:
    common, defined = assemble(".comm x,8,8", "common.o"), data_symbol("x", 1, object_name="defined.o")
    for objects in ((common, defined), (defined, common)):
        assert owner_of(link_elf(start_using("x"), *objects), "x") == "defined.o"


def test_a_repeated_group_is_kept_once() -> None:
    text = """
        .section .text.twice,"axG",@progbits,twice,comdat
        .weak twice
        .type twice,@function
        twice: ret
        .size twice, 1
        .section .data.once,"awG",@progbits,twice,comdat
        .globl once
        once: .quad twice
    """
    image = link_elf(start_using("twice", "once"), assemble(text, "a.o"), assemble(text, "b.o"))
    assert owner_of(image, "twice") == owner_of(image, "once") == "a.o"


def test_undefined_names_are_listed_with_who_wants_them() -> None:
    text = """
        .section .text.caller,"ax"
        .globl caller
        .type caller,@function
        caller:
        call missing
        leaq absent(%rip), %rax
        .size caller, .-caller
    """
    with pytest.raises(LinkError) as caught:
        link_elf(start_using("caller"), assemble(text, "caller.o"))
    assert caught.value.code is LinkErrorCode.UNDEFINED_SYMBOL
    assert caught.value.message.splitlines() == [
        "symbol missing is not defined; wanted by caller.o: .text.caller (function caller)",
        "symbol absent is not defined; wanted by caller.o: .text.caller (function caller)",
    ]


def test_what_dropped_code_wants_need_not_exist() -> None:
    unused = assemble('.section .text.unused,"ax"\n.globl unused\nunused: call missing')
    link_elf(start_using(), unused)
    with pytest.raises(LinkError):
        link_elf(start_using(), unused, collect_garbage=False)


def test_an_undefined_weak_name_is_zero() -> None:
    image = link_elf(start_using("d"), assemble(".weak nobody\n.data\n.globl d\nd: .quad nobody"))
    assert image.data[image.data.rindex(b"\x7fELF") :]  # linked at all
    elf, address = ELFFile(io.BytesIO(image.data)), address_of(image, "d")
    (offset,) = elf.address_offsets(address, 8)
    assert image.data[offset : offset + 8] == bytes(8)


def test_an_absolute_symbol_keeps_its_value() -> None:
    image = link_elf(start_using("d"), assemble(".globl a\na = 0x1234\n.data\n.globl d\nd: .quad a"))
    assert address_of(image, "a") == 0x1234


@pytest.mark.parametrize("entry", ["nothing", "x"])
def test_the_entry_must_be_code(entry: str) -> None:
    with pytest.raises(LinkError) as caught:
        link_elf(assemble(EXIT_42), data_symbol("x", 1), entry_symbol=entry)
    assert caught.value.code is LinkErrorCode.BAD_ENTRY


def test_kept_symbols_and_retained_sections_survive() -> None:
    kept = data_symbol("kept", 1)
    retained = assemble('.section .data.retained,"awR"\n.globl retained\nretained: .quad 1')
    image = link_elf(start_using(), kept, retained, data_symbol("dropped", 2), keep_symbols=("kept",))
    names = {symbol.name for symbol in image.symbols}
    assert {"kept", "retained"} <= names and "dropped" not in names
    with pytest.raises(LinkError, match="was to be kept"):
        link_elf(start_using(), keep_symbols=("kept",))


def test_tables_of_sections_are_contiguous_and_bounded() -> None:
    entries = [
        assemble(f'.section fixups,"a"\n.quad {n}\n.section .rodata.pad{n},"a"\n.byte 1', f"{n}.o") for n in range(3)
    ]
    image = link_elf(start_using("__start_fixups", "__stop_fixups"), *entries)
    assert address_of(image, "__stop_fixups") - address_of(image, "__start_fixups") == 24
    assert b"".join(n.to_bytes(8, "little") for n in range(3)) in image.data


def test_one_strong_reference_makes_a_name_required() -> None:
    weak = assemble('.weak absent\n.section .data.w,"aw"\n.globl w\nw: .quad absent', "weak.o")
    strong = assemble('.section .data.s,"aw"\n.globl s\ns: .quad absent', "strong.o")
    for objects in ((weak, strong), (strong, weak)):
        with pytest.raises(LinkError, match="symbol absent is not defined"):
            link_elf(start_using("w", "s"), *objects)
    link_elf(start_using("w"), weak, weak_again())


def weak_again() -> InputObject:
    return assemble('.weak absent\n.section .data.v,"awR"\n.globl v\nv: .quad absent', "again.o")
