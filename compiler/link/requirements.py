"""What the relocations of the live sections need, known before anything has an address.

One walk over all relocations of live allocated sections finds: names nobody defines (E0701, with who wants them),
relocation types that are not applied (E0704), addresses fixed at link time in an image that moves (E0705), the slots of
the global offset table, and the number of 64-bit words that hold an address. A reference through the table whose
instruction has a direct form (psABI B.2) needs no slot; `relaxed_opcode` decides, here and when relocating.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from compiler.formats.elf import RelocationType, SectionFlag, SymbolType, relocation_name
from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.object_file import (
    RELOCATION_TYPE_MASK,
    ImageKind,
    InputSection,
    ObjectFile,
    Symbol,
    SymbolState,
)

_R = RelocationType

ABSOLUTE_NARROW = frozenset({_R.R_X86_64_32, _R.R_X86_64_32S, _R.R_X86_64_16, _R.R_X86_64_8})
PC_RELATIVE = frozenset({_R.R_X86_64_PC32, _R.R_X86_64_PLT32, _R.R_X86_64_PC64, _R.R_X86_64_PC16, _R.R_X86_64_PC8})
GOT_SLOT = frozenset(
    {_R.R_X86_64_GOTPCREL, _R.R_X86_64_GOTPCRELX, _R.R_X86_64_REX_GOTPCRELX, _R.R_X86_64_GOTPCREL64, _R.R_X86_64_GOT64}
)
GOT_RELAXABLE = frozenset({_R.R_X86_64_GOTPCRELX, _R.R_X86_64_REX_GOTPCRELX})
GOT_BASE = frozenset({_R.R_X86_64_GOTPC32, _R.R_X86_64_GOTPC64, _R.R_X86_64_GOTOFF64})
SIZES = frozenset({_R.R_X86_64_SIZE32, _R.R_X86_64_SIZE64})
_APPLIED = ABSOLUTE_NARROW | PC_RELATIVE | GOT_SLOT | GOT_BASE | SIZES | {_R.R_X86_64_64, _R.R_X86_64_NONE}

# The two types that nearly all relocations of code have, and that ask for nothing when their symbol is defined.
_PLAIN = frozenset({int(_R.R_X86_64_PC32), int(_R.R_X86_64_PLT32)})


@dataclass(slots=True)
class Requirements:
    """What layout and relocation must provide."""

    got_slots: dict[Symbol, int] = field(default_factory=dict)  # symbol → slot number, in order of first use
    absolute_words: int = 0  # words in sections; the slots of relocatable symbols come on top
    sections_with_addresses: set[InputSection] = field(default_factory=set)

    def address_word_count(self) -> int:
        """All 64-bit words of the image that hold an address."""
        return self.absolute_words + sum(not symbol.is_absolute for symbol in self.got_slots)


def find_requirements(sections: list[InputSection], objects: list[ObjectFile], kind: ImageKind) -> Requirements:
    """Walk the relocations of the live sections; raise one error naming everything of the first kind of fault."""
    needs = Requirements()
    wanted: dict[str, list[str]] = {}
    for section in sections:
        if not section.relocations:
            continue
        symbols = objects[section.object_index].symbols
        for relocation in section.relocations:
            symbol = symbols[relocation[1] >> 32]
            number = relocation[1] & RELOCATION_TYPE_MASK
            if number in _PLAIN and symbol.section is not None:
                continue
            if symbol.state is SymbolState.UNDEFINED and not symbol.is_weak and relocation[1] >> 32:
                users = wanted.setdefault(symbol.name, [])
                users.append(describe_place(section, relocation[0], objects))
                continue
            _require(needs, section, symbol, relocation, kind, objects)
    if wanted:
        raise LinkError(LinkErrorCode.UNDEFINED_SYMBOL, _undefined_message(wanted))
    return needs


def _require(
    needs: Requirements,
    section: InputSection,
    symbol: Symbol,
    relocation: tuple[int, int, int],
    kind: ImageKind,
    objects: list[ObjectFile],
) -> None:
    number = relocation[1] & RELOCATION_TYPE_MASK
    if number not in _APPLIED:
        place = describe_place(section, relocation[0], objects)
        raise LinkError(LinkErrorCode.UNKNOWN_RELOCATION, f"{place}: cannot apply {relocation_name(number)}")
    moves = kind is not ImageKind.LINUX_ELF
    if moves and _is_fixed_address(number, symbol):
        raise LinkError(LinkErrorCode.FIXED_ADDRESS, _fixed_message(section, symbol, relocation, objects))
    if number == _R.R_X86_64_64 and not symbol.is_absolute:
        if kind is ImageKind.KERNEL_PE and section.flags & SectionFlag.EXECINSTR:
            raise LinkError(LinkErrorCode.FIXED_ADDRESS, _fixed_message(section, symbol, relocation, objects))
        needs.absolute_words += 1
        needs.sections_with_addresses.add(section)
    elif number in GOT_SLOT and relaxed_opcode(section, relocation, symbol) is None:
        needs.got_slots.setdefault(symbol, len(needs.got_slots))


def _is_fixed_address(number: int, symbol: Symbol) -> bool:
    """A narrow word cannot be moved by firmware; a distance to a fixed address changes when the image moves."""
    if number in ABSOLUTE_NARROW:
        return not symbol.is_absolute
    return number in PC_RELATIVE and symbol.is_absolute


def _fixed_message(
    section: InputSection, symbol: Symbol, relocation: tuple[int, int, int], objects: list[ObjectFile]
) -> str:
    place = describe_place(section, relocation[0], objects)
    name = relocation_name(relocation[1] & RELOCATION_TYPE_MASK)
    target = symbol.name or (symbol.section.name if symbol.section else "address 0")
    return f"{place}: {name} fixes the address of {target}, but this image may be loaded anywhere"


def _undefined_message(wanted: dict[str, list[str]]) -> str:
    lines = []
    for name, users in wanted.items():
        distinct = list(dict.fromkeys(users))
        more = f" and {len(distinct) - 3} more" if len(distinct) > 3 else ""
        lines.append(f"symbol {name} is not defined; wanted by {'; '.join(distinct[:3])}{more}")
    return "\n".join(lines)


def describe_place(section: InputSection, offset: int, objects: list[ObjectFile]) -> str:
    """`object: section (function)` for messages."""
    if section.object_index >= len(objects):
        return f"{section.object_name}: {section.name}"
    for symbol in objects[section.object_index].symbols:
        if (
            symbol.section is section
            and symbol.kind == SymbolType.FUNC
            and symbol.value <= offset < symbol.value + symbol.size
        ):
            return f"{section.object_name}: {section.name} (function {symbol.name})"
    return f"{section.object_name}: {section.name}+{offset:#x}"


def relaxed_opcode(section: InputSection, relocation: tuple[int, int, int], symbol: Symbol) -> int | None:
    """The opcode byte of a reference through the table that can become direct, or None (psABI B.2).

    0x8B `mov foo@GOTPCREL(%rip), reg` becomes lea; 0xFF with ModRM 0x15 `call *` and 0x25 `jmp *` become direct.
    The field must be the instruction's last four bytes (addend −4) and the target must move with the image.
    """
    offset, info, addend = relocation
    if (info & RELOCATION_TYPE_MASK) not in GOT_RELAXABLE or addend != -4 or offset < 2 or symbol.is_absolute:
        return None
    opcode, operand = section.data[offset - 2], section.data[offset - 1]
    if opcode == 0x8B and operand & 0xC7 == 0x05:
        return opcode
    return opcode if opcode == 0xFF and operand in (0x15, 0x25) else None
