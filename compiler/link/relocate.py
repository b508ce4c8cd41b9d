"""Section bytes with every relocation applied, for one base address (psABI section 4.4.1).

The formulas use S (symbol), A (addend), P (place), G (slot of the symbol in the global offset table), GOT (its
start), Z (symbol size). Distances do not depend on the base; 64-bit words that hold an address do, and their image
offsets are collected, for PE base relocations and for the table between `__relocations_start` and
`__relocations_end`. Every value is range-checked (E0703). In debug sections a reference to a dropped section becomes
0, which debuggers skip.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from compiler.formats.elf import RelocationType, SymbolType, relocation_name
from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.layout import RELOCATION_TABLE_SECTION, Layout
from compiler.link.linker_symbols import Role
from compiler.link.object_file import RELOCATION_TYPE_MASK, UNPLACED, InputSection, ObjectFile, Symbol
from compiler.link.requirements import (
    GOT_BASE,
    GOT_SLOT,
    PC_RELATIVE,
    SIZES,
    Requirements,
    describe_place,
    relaxed_opcode,
)

_R = RelocationType
_WORD = Struct("<Q")
_SIGNED_32 = Struct("<i")
_ADDRESS_MASK = (1 << 64) - 1
_TRAP = 0xCC  # int3 between functions: running off the end of one stops at once
_GOT_ENTRY_SIZE = 8

# type → (bytes, smallest value, one past the largest). Unsigned 32 and sign-extended 32 differ (psABI table 4.9).
_FIELDS: dict[int, tuple[int, int, int]] = {
    _R.R_X86_64_64: (8, -(1 << 63), 1 << 64),
    _R.R_X86_64_PC64: (8, -(1 << 63), 1 << 63),
    _R.R_X86_64_GOTOFF64: (8, -(1 << 63), 1 << 63),
    _R.R_X86_64_GOTPC64: (8, -(1 << 63), 1 << 63),
    _R.R_X86_64_GOTPCREL64: (8, -(1 << 63), 1 << 63),
    _R.R_X86_64_GOT64: (8, -(1 << 63), 1 << 63),
    _R.R_X86_64_SIZE64: (8, 0, 1 << 64),
    _R.R_X86_64_32: (4, 0, 1 << 32),
    _R.R_X86_64_SIZE32: (4, 0, 1 << 32),
    _R.R_X86_64_32S: (4, -(1 << 31), 1 << 31),
    _R.R_X86_64_PC32: (4, -(1 << 31), 1 << 31),
    _R.R_X86_64_PLT32: (4, -(1 << 31), 1 << 31),
    _R.R_X86_64_GOTPC32: (4, -(1 << 31), 1 << 31),
    _R.R_X86_64_GOTPCREL: (4, -(1 << 31), 1 << 31),
    _R.R_X86_64_GOTPCRELX: (4, -(1 << 31), 1 << 31),
    _R.R_X86_64_REX_GOTPCRELX: (4, -(1 << 31), 1 << 31),
    _R.R_X86_64_16: (2, -(1 << 15), 1 << 16),
    _R.R_X86_64_PC16: (2, -(1 << 15), 1 << 15),
    _R.R_X86_64_8: (1, -(1 << 7), 1 << 8),
    _R.R_X86_64_PC8: (1, -(1 << 7), 1 << 7),
}


@dataclass(frozen=True, slots=True)
class RelocatedImage:
    """Bytes by part (bss has none) and by debug section, and the image offsets of all 64-bit address words, sorted."""

    base: int
    parts: dict[Role, bytearray]
    debug: dict[str, bytearray]
    address_words: list[int]


def relocate(
    layout: Layout,
    objects: list[ObjectFile],
    needs: Requirements,
    got: InputSection | None,
    base: int,
    *,
    with_debug: bool,
) -> RelocatedImage:
    """Build the bytes of the image as it stands at `base`."""
    work = _Relocation(objects, needs, got, base)
    parts: dict[Role, bytearray] = {}
    for role, part in layout.parts.items():
        if role is not Role.BSS:
            fill = _TRAP if role is Role.TEXT else 0
            parts[role] = work.build(part.sections, part.offset, part.size, fill)
    if got is not None:
        work.fill_got(parts[Role.RELRO], layout.parts[Role.RELRO].offset)
    work.address_words.sort()
    _fill_relocation_table(layout, parts[Role.RODATA], work.address_words)
    debug = {}
    if with_debug:
        debug = {name: work.build(output.sections, 0, output.size, 0) for name, output in layout.debug.items()}
    return RelocatedImage(base, parts, debug, work.address_words)


def _fill_relocation_table(layout: Layout, rodata: bytearray, address_words: list[int]) -> None:
    part = layout.parts[Role.RODATA]
    for section in part.sections:
        if section.name == RELOCATION_TABLE_SECTION:
            assert section.size == 4 * len(address_words), "the count of address words changed after layout"
            table = b"".join(offset.to_bytes(4, "little") for offset in address_words)
            start = section.address - part.offset
            rodata[start : start + section.size] = table


class _Relocation:
    """One pass over the image for one base."""

    def __init__(self, objects: list[ObjectFile], needs: Requirements, got: InputSection | None, base: int) -> None:
        self.objects = objects
        self.slots = needs.got_slots
        self.got_offset = got.address if got is not None else 0
        self.base = base
        self.address_words: list[int] = []

    def build(self, sections: list[InputSection], start: int, size: int, fill: int) -> bytearray:
        output = bytearray((fill,)) * size
        for section in sections:
            offset = section.address - start
            output[offset : offset + len(section.data)] = section.data
        for section in sections:
            if not section.relocations:
                continue
            if section.is_debug:
                self._apply_debug(output, section)
            else:
                self._apply(output, section, section.address - start)
        return output

    def fill_got(self, relro: bytearray, start: int) -> None:
        for symbol, slot in self.slots.items():
            place = self.got_offset + _GOT_ENTRY_SIZE * slot
            _WORD.pack_into(relro, place - start, self._run_time_address(symbol))
            if not symbol.is_absolute:
                self.address_words.append(place)

    def _run_time_address(self, symbol: Symbol) -> int:
        return symbol.address if symbol.is_absolute else (self.base + symbol.address) & _ADDRESS_MASK

    def _apply(self, output: bytearray, section: InputSection, start: int) -> None:
        symbols = self.objects[section.object_index].symbols
        address = section.address
        pack_distance = _SIGNED_32.pack_into
        for relocation in section.relocations:
            offset, info, addend = relocation
            symbol = symbols[info >> 32]
            number = info & RELOCATION_TYPE_MASK
            target = symbol.address
            if (
                number in (_PC32, _PLT32)
                and symbol.section is not None
                and (symbol.kind != _SECTION or symbol.section.merged is None)
            ):
                distance = target + addend - address - offset
                if -0x8000_0000 <= distance < 0x8000_0000:
                    pack_distance(output, start + offset, distance)
                    continue
            self._apply_general(output, section, start, relocation, symbol)

    def _apply_general(
        self, output: bytearray, section: InputSection, start: int, relocation: tuple[int, int, int], symbol: Symbol
    ) -> None:
        offset, info, _ = relocation
        number = info & RELOCATION_TYPE_MASK
        if number == _R.R_X86_64_NONE:
            return
        if number in GOT_SLOT and relaxed_opcode(section, relocation, symbol) is not None:
            self._apply_relaxed(output, section, start, relocation, symbol)
            return
        if number == _R.R_X86_64_64 and not symbol.is_absolute:
            self.address_words.append(section.address + offset)
        value = self._value(section, relocation, symbol)
        self._store(output, section, start + offset, number, value, offset)

    def _value(self, section: InputSection, relocation: tuple[int, int, int], symbol: Symbol) -> int:
        """The psABI formula of one relocation; only differences of image offsets and run-time addresses occur."""
        offset, info, addend = relocation
        number = info & RELOCATION_TYPE_MASK
        place = self.base + section.address + offset
        got = self.base + self.got_offset
        target, addend = self._target(section, symbol, addend)
        if number in SIZES:
            return symbol.size + addend
        if number in PC_RELATIVE:
            return target + addend - place
        if number in GOT_BASE:
            return target + addend - got if number == _R.R_X86_64_GOTOFF64 else got + addend - place
        if number in GOT_SLOT:
            slot = got + _GOT_ENTRY_SIZE * self.slots[symbol]
            return slot - got + addend if number == _R.R_X86_64_GOT64 else slot + addend - place
        return target + addend

    def _target(self, section: InputSection, symbol: Symbol, addend: int) -> tuple[int, int]:
        """Run-time address and remaining addend. Into a merged section, section symbol + addend names one piece."""
        pieces = symbol.section.merged if symbol.section is not None and symbol.kind == SymbolType.SECTION else None
        if pieces is None:
            return self._run_time_address(symbol), addend
        if symbol.section is None or not 0 <= symbol.value + addend < symbol.section.size:
            message = f"{section.object_name}: {section.name} refers outside of a mergeable section"
            raise LinkError(LinkErrorCode.MALFORMED_OBJECT, message)
        base = 0 if pieces.target.is_debug else self.base
        return base + pieces.target.address + pieces.translate(symbol.value + addend), 0

    def _store(
        self, output: bytearray, section: InputSection, position: int, number: int, value: int, offset: int
    ) -> None:
        size, smallest, limit = _FIELDS[number]
        if size == 8:
            value = _as_signed(value)
        if not smallest <= value < limit or position + size > len(output) or offset + size > section.size:
            place = describe_place(section, offset, self.objects)
            message = f"{place}: {relocation_name(number)} cannot hold {value:#x}"
            raise LinkError(LinkErrorCode.RELOCATION_OVERFLOW, message)
        output[position : position + size] = (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")

    def _apply_relaxed(
        self, output: bytearray, section: InputSection, start: int, relocation: tuple[int, int, int], symbol: Symbol
    ) -> None:
        """Rewrite a load of an address from the table into the address itself (psABI B.2)."""
        offset, _, addend = relocation
        position = start + offset
        distance = symbol.address + addend - section.address - offset
        if relaxed_opcode(section, relocation, symbol) == 0x8B:
            output[position - 2] = 0x8D  # mov foo@GOTPCREL(%rip), reg → lea foo(%rip), reg
        elif output[position - 1] == 0x15:
            output[position - 2 : position] = b"\x67\xe8"  # call *foo@GOTPCREL(%rip) → addr32 call foo
        else:
            output[position - 2] = 0xE9  # jmp *foo@GOTPCREL(%rip) → jmp foo; nop, the field one byte earlier
            output[position + 3] = 0x90
            position, distance, offset = position - 1, distance + 1, offset - 1
        self._store(output, section, position, _R.R_X86_64_PC32, distance, offset)

    def _apply_debug(self, output: bytearray, section: InputSection) -> None:
        symbols = self.objects[section.object_index].symbols
        start = section.address
        for offset, info, addend in section.relocations:
            symbol = symbols[info >> 32]
            number = info & RELOCATION_TYPE_MASK
            if number not in _FIELDS:
                message = f"{section.object_name}: {section.name}: cannot apply {relocation_name(number)}"
                raise LinkError(LinkErrorCode.UNKNOWN_RELOCATION, message)
            self._store(output, section, start + offset, number, self._debug_value(section, symbol, addend), offset)

    def _debug_value(self, section: InputSection, symbol: Symbol, addend: int) -> int:
        owner = symbol.section
        if owner is not None and owner.merged is not None and symbol.kind == SymbolType.SECTION:
            target, rest = self._target(section, symbol, addend)
            return target + rest
        if symbol.address == UNPLACED:
            return 0
        if owner is not None and owner.is_debug:
            return symbol.address + addend
        return self._run_time_address(symbol) + addend


_PC32, _PLT32, _SECTION = int(_R.R_X86_64_PC32), int(_R.R_X86_64_PLT32), int(SymbolType.SECTION)


def _as_signed(value: int) -> int:
    """64-bit arithmetic wraps in the psABI; negative and unsigned spellings of one word are the same word."""
    value &= _ADDRESS_MASK
    return value - (1 << 64) if value >> 63 else value
