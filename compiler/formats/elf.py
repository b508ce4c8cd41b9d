"""ELF64, little endian, x86-64: the constants and structures that the linker reads and writes.

Sources: System V ABI, gABI 4.1 edition of 2013-06-10 ("gABI" below), chapter 4 (object files) and 5 (program loading);
System V ABI AMD64 supplement 1.0 ("psABI"), section 4.4 (relocation types). Names are the manuals' own.
Only `struct` layouts and numbers live here; `compiler.link.read_elf` checks, `compiler.link.write_elf` writes.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from struct import Struct

MAGIC = b"\x7fELF"
CLASS_64 = 2  # e_ident[EI_CLASS]
DATA_LITTLE_ENDIAN = 1  # e_ident[EI_DATA]
VERSION_CURRENT = 1
OSABI_SYSTEM_V = 0
MACHINE_X86_64 = 62

# gABI figure 4-3: e_ident[16], e_type, e_machine, e_version, e_entry, e_phoff, e_shoff, e_flags, e_ehsize,
# e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx.
FILE_HEADER = Struct("<16sHHIQQQIHHHHHH")
# gABI figure 4-8: sh_name, sh_type, sh_flags, sh_addr, sh_offset, sh_size, sh_link, sh_info, sh_addralign, sh_entsize.
SECTION_HEADER = Struct("<IIQQQQIIQQ")
# gABI figure 4-15: st_name, st_info, st_other, st_shndx, st_value, st_size.
SYMBOL = Struct("<IBBHQQ")
# gABI figure 4-22 (Elf64_Rela): r_offset, r_info, r_addend.
RELOCATION = Struct("<QQq")
# gABI figure 5-1: p_type, p_flags, p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align.
PROGRAM_HEADER = Struct("<IIQQQQQQ")

SECTION_UNDEFINED = 0  # SHN_UNDEF
SECTION_RESERVED_FIRST = 0xFF00  # SHN_LORESERVE
SECTION_ABSOLUTE = 0xFFF1  # SHN_ABS
SECTION_COMMON = 0xFFF2  # SHN_COMMON
SECTION_EXTENDED = 0xFFFF  # SHN_XINDEX: the index stands in SHT_SYMTAB_SHNDX

GROUP_COMDAT = 1  # GRP_COMDAT, first word of a group section


class FileType(IntEnum):
    """e_type (gABI figure 4-4)."""

    RELOCATABLE = 1
    EXECUTABLE = 2


class SectionType(IntEnum):
    """sh_type (gABI figure 4-9); a value outside this list is carried as a plain int."""

    NULL = 0
    PROGBITS = 1
    SYMTAB = 2
    STRTAB = 3
    RELA = 4
    NOTE = 7
    NOBITS = 8
    REL = 9
    INIT_ARRAY = 14
    FINI_ARRAY = 15
    PREINIT_ARRAY = 16
    GROUP = 17
    SYMTAB_SHNDX = 18
    LLVM_ADDRSIG = 0x6FFF4C03
    X86_64_UNWIND = 0x70000001


class SectionFlag(IntFlag):
    """sh_flags (gABI figure 4-11, GNU extension for RETAIN)."""

    WRITE = 0x1
    ALLOC = 0x2
    EXECINSTR = 0x4
    MERGE = 0x10
    STRINGS = 0x20
    INFO_LINK = 0x40
    LINK_ORDER = 0x80
    GROUP = 0x200
    TLS = 0x400
    COMPRESSED = 0x800
    GNU_RETAIN = 0x200000
    EXCLUDE = 0x80000000


class SymbolBinding(IntEnum):
    """Upper nibble of st_info (gABI figure 4-16)."""

    LOCAL = 0
    GLOBAL = 1
    WEAK = 2
    GNU_UNIQUE = 10


class SymbolType(IntEnum):
    """Lower nibble of st_info (gABI figure 4-18)."""

    NOTYPE = 0
    OBJECT = 1
    FUNC = 2
    SECTION = 3
    FILE = 4
    COMMON = 5
    TLS = 6
    GNU_IFUNC = 10


class SegmentType(IntEnum):
    """p_type (gABI figure 5-2, GNU extension for the stack)."""

    LOAD = 1
    GNU_STACK = 0x6474E551


class SegmentFlag(IntFlag):
    """p_flags (gABI figure 5-3)."""

    EXECUTE = 1
    WRITE = 2
    READ = 4


class RelocationType(IntEnum):
    """R_X86_64_* (psABI table 4.9). Which ones can be applied is the linker's matter."""

    R_X86_64_NONE = 0
    R_X86_64_64 = 1
    R_X86_64_PC32 = 2
    R_X86_64_GOT32 = 3
    R_X86_64_PLT32 = 4
    R_X86_64_COPY = 5
    R_X86_64_GLOB_DAT = 6
    R_X86_64_JUMP_SLOT = 7
    R_X86_64_RELATIVE = 8
    R_X86_64_GOTPCREL = 9
    R_X86_64_32 = 10
    R_X86_64_32S = 11
    R_X86_64_16 = 12
    R_X86_64_PC16 = 13
    R_X86_64_8 = 14
    R_X86_64_PC8 = 15
    R_X86_64_DTPMOD64 = 16
    R_X86_64_DTPOFF64 = 17
    R_X86_64_TPOFF64 = 18
    R_X86_64_TLSGD = 19
    R_X86_64_TLSLD = 20
    R_X86_64_DTPOFF32 = 21
    R_X86_64_GOTTPOFF = 22
    R_X86_64_TPOFF32 = 23
    R_X86_64_PC64 = 24
    R_X86_64_GOTOFF64 = 25
    R_X86_64_GOTPC32 = 26
    R_X86_64_GOT64 = 27
    R_X86_64_GOTPCREL64 = 28
    R_X86_64_GOTPC64 = 29
    R_X86_64_GOTPLT64 = 30
    R_X86_64_PLTOFF64 = 31
    R_X86_64_SIZE32 = 32
    R_X86_64_SIZE64 = 33
    R_X86_64_GOTPC32_TLSDESC = 34
    R_X86_64_TLSDESC_CALL = 35
    R_X86_64_TLSDESC = 36
    R_X86_64_IRELATIVE = 37
    R_X86_64_GOTPCRELX = 41
    R_X86_64_REX_GOTPCRELX = 42


def relocation_name(number: int) -> str:
    """The manual's name of a relocation type, or its number when the manual has none."""
    try:
        return RelocationType(number).name
    except ValueError:
        return f"relocation type {number}"
