"""The nouns of the link: objects as given, as read, and the image that results.

Idea: a section is the unit that is kept or dropped; a symbol is one shared value per name (one per local), so that a
relocation reaches its target by one list index. Reading fills everything except the two fields that only later steps
can know, which start at `UNPLACED` and are written once: `InputSection.address` and `Symbol.address` (by `layout`).
Addresses are *image offsets* in bytes from the start of the image until `relocate` adds a base.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from compiler.formats.elf import SectionFlag, SymbolType

UNPLACED = -1
_ALLOC = int(SectionFlag.ALLOC)  # a plain int: the operators of IntFlag are ten times slower
PAGE_SIZE = 4096

RELOCATION_TYPE_MASK = 0xFFFF_FFFF  # r_info & mask is the type, r_info >> 32 the symbol (gABI, ELF64_R_TYPE)


class ImageKind(Enum):
    """What is made of the objects."""

    LINUX_ELF = auto()  # static ELF64 executable
    UEFI_PE = auto()  # PE32+ EFI application, relocated once by firmware
    KERNEL_PE = auto()  # PE32+ EFI application that relocates itself again to its virtual base


@dataclass(frozen=True, slots=True)
class InputObject:
    """One relocatable object as bytes; `name` is what messages and the map call it."""

    name: str
    data: bytes


def same_name(symbol_name: str) -> str:
    """The display name of a symbol when nobody knows a better one."""
    return symbol_name


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """What the caller decides; nothing else influences the bytes of the image."""

    kind: ImageKind
    entry_symbol: str = "_start"
    strip: bool = False  # no debug sections, symbols or section headers
    base_address: int | None = None  # None: 0x400000 for ELF, 0x140000000 for an application, 0 for the kernel
    virtual_base: int = 0xFFFF_FFFF_8000_0000  # where a kernel image runs; `__image_virtual_base` has this value
    collect_garbage: bool = True
    keep_symbols: tuple[str, ...] = ()  # further roots beside the entry and SHF_GNU_RETAIN sections (llvm.used)
    debug_file: bool = False  # beside a PE, an ELF twin at the run-time address with symbols and DWARF, for gdb
    display_name: Callable[[str], str] = same_name  # symbol name -> what a traceback shows


@dataclass(frozen=True, slots=True)
class ImageSymbol:
    """A defined symbol of the finished image. `address` is the run-time address (image base included)."""

    name: str
    address: int
    size: int
    section: str
    object_name: str
    is_function: bool


@dataclass(frozen=True, slots=True)
class LinkedImage:
    """The result: the file, its map, its symbols by address, and for PE images the ELF twin if it was asked for."""

    data: bytes
    map_text: str
    symbols: tuple[ImageSymbol, ...]
    debug_file: bytes | None = None


@dataclass(slots=True, eq=False)
class InputSection:
    """One section of one object. `data` is empty for NOBITS; `relocations` are (offset, info, addend)."""

    object_index: int
    object_name: str
    name: str
    type: int
    flags: int
    alignment: int
    size: int
    entry_size: int
    data: bytes | bytearray | memoryview
    relocations: list[tuple[int, int, int]] = field(default_factory=list)
    is_live: bool = False
    address: int = UNPLACED
    merged: MergedPieces | None = None

    @property
    def is_allocated(self) -> bool:
        return self.flags & _ALLOC != 0

    @property
    def is_debug(self) -> bool:
        return self.flags & _ALLOC == 0


@dataclass(frozen=True, slots=True, eq=False)
class MergedPieces:
    """Where the pieces of a mergeable section went: piece i starts at `starts[i]` and is at `places[i]` of `target`."""

    target: InputSection
    starts: list[int]
    places: list[int]

    def translate(self, offset: int) -> int:
        """Offset in the original section → offset in the merged one."""
        index = bisect_right(self.starts, offset) - 1
        return self.places[index] + offset - self.starts[index]


class SymbolState(Enum):
    """How far a name is known."""

    UNDEFINED = auto()
    DEFINED = auto()  # in `section` at `value`
    COMMON = auto()  # tentative: `value` is the alignment, until it becomes a .bss section
    ABSOLUTE = auto()  # `value` is the address
    LINKER = auto()  # defined by the linker once the layout is known


@dataclass(slots=True, eq=False)
class Symbol:
    """One name (globals: one per link; locals: one per object)."""

    name: str
    state: SymbolState = SymbolState.UNDEFINED
    is_weak: bool = False
    is_local: bool = False
    kind: int = SymbolType.NOTYPE
    object_name: str = ""
    section: InputSection | None = None
    value: int = 0
    size: int = 0
    address: int = UNPLACED  # image offset, or the address itself if absolute

    @property
    def is_absolute(self) -> bool:
        """True if the address does not move with the image: absolute symbols and weak ones that nobody defines."""
        return self.state in (SymbolState.ABSOLUTE, SymbolState.UNDEFINED)


@dataclass(frozen=True, slots=True)
class RawSymbol:
    """A symbol table entry with its name looked up (gABI figure 4-15)."""

    name: str
    binding: int
    kind: int
    section_index: int
    value: int
    size: int


@dataclass(frozen=True, slots=True)
class SectionGroup:
    """A COMDAT group: the first object that brings a signature keeps its members, others drop theirs."""

    signature: str
    members: tuple[int, ...]


@dataclass(slots=True, eq=False)
class ObjectFile:
    """One object as read. `sections[i]` is None for what the link does not carry (tables, notes, unwind data)."""

    name: str
    index: int
    sections: list[InputSection | None]
    raw_symbols: list[RawSymbol]
    groups: list[SectionGroup]
    symbols: list[Symbol] = field(default_factory=list)  # by symbol table index; filled by `symbols`
