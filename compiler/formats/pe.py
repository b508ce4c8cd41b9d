"""PE32+ images: the constants and structures that the linker writes.

Source: Microsoft "PE Format" specification, revision of 2024; section names in quotes below are its headings. UEFI 2.10
section 2.1.1 says which images firmware takes: machine x64, subsystem 10 for an application.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from struct import Struct

# "MS-DOS Stub": only the magic and the offset of the PE signature (at 0x3C) are read by anybody.
DOS_HEADER = Struct("<2s58xI")
DOS_MAGIC = b"MZ"
SIGNATURE = b"PE\0\0"

# "COFF File Header": Machine, NumberOfSections, TimeDateStamp, PointerToSymbolTable, NumberOfSymbols,
# SizeOfOptionalHeader, Characteristics.
COFF_HEADER = Struct("<HHIIIHH")
MACHINE_AMD64 = 0x8664

# "Optional Header", PE32+: Magic, MajorLinkerVersion, MinorLinkerVersion, SizeOfCode, SizeOfInitializedData,
# SizeOfUninitializedData, AddressOfEntryPoint, BaseOfCode, ImageBase, SectionAlignment, FileAlignment,
# operating system, image and subsystem versions (major, minor each), Win32VersionValue, SizeOfImage, SizeOfHeaders,
# CheckSum, Subsystem, DllCharacteristics, stack reserve and commit, heap reserve and commit, LoaderFlags,
# NumberOfRvaAndSizes.
OPTIONAL_HEADER = Struct("<HBBIIIIIQIIHHHHHHIIIIHHQQQQII")
MAGIC_PE32_PLUS = 0x20B
CHECKSUM_OFFSET = 64  # of CheckSum, within the optional header

# "Optional Header Data Directories": VirtualAddress, Size.
DATA_DIRECTORY = Struct("<II")
DIRECTORY_COUNT = 16
DIRECTORY_BASE_RELOCATION = 5

# "Section Table": Name, VirtualSize, VirtualAddress, SizeOfRawData, PointerToRawData, PointerToRelocations,
# PointerToLinenumbers, NumberOfRelocations, NumberOfLinenumbers, Characteristics.
SECTION_HEADER = Struct("<8sIIIIIIHHI")

# ".reloc": a block is a page's offset and the block's size, then 16-bit entries (type in the upper four bits).
RELOCATION_BLOCK = Struct("<II")
RELOCATION_PAGE_SIZE = 4096

SECTION_ALIGNMENT = 4096
FILE_ALIGNMENT = 512


class Subsystem(IntEnum):
    """ "Windows Subsystem"."""

    EFI_APPLICATION = 10


class RelocationType(IntEnum):
    """ "Base Relocation Types"."""

    ABSOLUTE = 0  # padding, skipped
    DIR64 = 10  # add the difference of load address and ImageBase to a 64-bit word


class FileFlag(IntFlag):
    """ "Characteristics" of the file."""

    EXECUTABLE_IMAGE = 0x0002
    LARGE_ADDRESS_AWARE = 0x0020


class ImageFlag(IntFlag):
    """ "DLL Characteristics"."""

    HIGH_ENTROPY_VA = 0x0020
    DYNAMIC_BASE = 0x0040
    NX_COMPAT = 0x0100


class SectionFlag(IntFlag):
    """ "Section Flags"."""

    CODE = 0x0000_0020
    INITIALIZED_DATA = 0x0000_0040
    UNINITIALIZED_DATA = 0x0000_0080
    DISCARDABLE = 0x0200_0000
    EXECUTE = 0x2000_0000
    READ = 0x4000_0000
    WRITE = 0x8000_0000


def image_checksum(data: bytes | bytearray, checksum_offset: int) -> int:
    """CheckSum: the ones' complement sum of all 16-bit words with the field itself as zero, plus the file's length."""
    padded = bytearray(data) + bytes(-len(data) % 4)
    padded[checksum_offset : checksum_offset + 4] = bytes(4)
    # 2**16 ≡ 1 modulo 0xFFFF, so the folded sum of the words is the whole file modulo 0xFFFF.
    total = int.from_bytes(padded, "little")
    folded = total % 0xFFFF
    if folded == 0 and total:
        folded = 0xFFFF
    return (folded + len(data)) & 0xFFFF_FFFF
