"""The names that the linker itself defines, and what each one is.

    __image_start __image_end            the image from its first byte (headers in a PE) to the end of .bss
    __text_start … __text_end            likewise rodata, relro, data, bss: first byte, and one past the last
    __relocations_start/_end             table of u32 image offsets of every 64-bit word that holds an address, sorted
    __line_table_start/_end              the address → line table (compiler.formats.line_table)
    __image_virtual_base                 absolute: the address at which a kernel image runs
    _GLOBAL_OFFSET_TABLE_                the table itself; the start of the image if there is none
    __start_NAME, __stop_NAME            the sections called NAME, when NAME is a C identifier

A name is defined only if somebody refers to it and no object defines it. The values are assigned by `layout`.
"""

from __future__ import annotations

from enum import Enum

from compiler.link.object_file import InputSection, ObjectFile, SymbolState
from compiler.link.symbols import SymbolTable


class Role(Enum):
    """The parts of an image in their order in memory; the value is the stem of the part's symbols."""

    TEXT = "text"
    RODATA = "rodata"
    RELRO = "relro"  # read-only once its addresses have been relocated
    DATA = "data"
    BSS = "bss"


RELOCATIONS_START, RELOCATIONS_END = "__relocations_start", "__relocations_end"
LINE_TABLE_START, LINE_TABLE_END = "__line_table_start", "__line_table_end"
GLOBAL_OFFSET_TABLE = "_GLOBAL_OFFSET_TABLE_"
IMAGE_START, IMAGE_END, IMAGE_VIRTUAL_BASE = "__image_start", "__image_end", "__image_virtual_base"
START_PREFIX, STOP_PREFIX = "__start_", "__stop_"

_FIXED_NAMES = (
    IMAGE_START,
    IMAGE_END,
    IMAGE_VIRTUAL_BASE,
    GLOBAL_OFFSET_TABLE,
    RELOCATIONS_START,
    RELOCATIONS_END,
    LINE_TABLE_START,
    LINE_TABLE_END,
    *(f"__{role.value}_{end}" for role in Role for end in ("start", "end")),
)


def define_linker_symbols(table: SymbolTable, objects: list[ObjectFile], virtual_base: int) -> None:
    """Mark the names that the linker will define; the virtual base is known already and does not move."""
    names = [*_FIXED_NAMES]
    for name in identifier_sections(objects):
        names += [START_PREFIX + name, STOP_PREFIX + name]
    for name in names:
        symbol = table.by_name.get(name)
        if symbol is not None and symbol.state is SymbolState.UNDEFINED:
            symbol.state, symbol.object_name = SymbolState.LINKER, "<linker>"
    base = table.by_name.get(IMAGE_VIRTUAL_BASE)
    if base is not None and base.state is SymbolState.LINKER:
        base.state, base.value = SymbolState.ABSOLUTE, virtual_base


def identifier_sections(objects: list[ObjectFile]) -> dict[str, list[InputSection]]:
    """Allocated sections whose names are C identifiers, by name: tables that several objects contribute to."""
    found: dict[str, list[InputSection]] = {}
    for source in objects:
        for section in source.sections:
            if section is not None and section.is_allocated and section.name.isidentifier():
                found.setdefault(section.name, []).append(section)
    return found
