"""DWARF line number information: the numbers a line program is made of.

Source: DWARF Debugging Information Format, version 5 (2017-02-13), section 6.2 and table 7.25 to 7.27; forms from
table 7.6. Version 4 programs (section 6.2 of the 2010 edition) share the opcodes and differ in the header.
"""

from __future__ import annotations

from enum import IntEnum


class StandardOpcode(IntEnum):
    """DW_LNS_* (table 7.25)."""

    COPY = 1
    ADVANCE_PC = 2
    ADVANCE_LINE = 3
    SET_FILE = 4
    SET_COLUMN = 5
    NEGATE_STMT = 6
    SET_BASIC_BLOCK = 7
    CONST_ADD_PC = 8
    FIXED_ADVANCE_PC = 9
    SET_PROLOGUE_END = 10
    SET_EPILOGUE_BEGIN = 11
    SET_ISA = 12


class ExtendedOpcode(IntEnum):
    """DW_LNE_* (table 7.26)."""

    END_SEQUENCE = 1
    SET_ADDRESS = 2
    SET_DISCRIMINATOR = 4


class ContentType(IntEnum):
    """DW_LNCT_* (table 7.27)."""

    PATH = 1
    DIRECTORY_INDEX = 2


class Form(IntEnum):
    """DW_FORM_* that occur in line table headers (table 7.6)."""

    BLOCK = 0x09
    DATA1 = 0x0B
    DATA2 = 0x05
    DATA4 = 0x06
    DATA8 = 0x07
    DATA16 = 0x1E
    STRING = 0x08
    STRP = 0x0E
    UDATA = 0x0F
    LINE_STRP = 0x1F


ESCAPE_64_BIT = 0xFFFF_FFFF  # unit_length of the 64-bit format (section 7.4), which no 64-bit x86 compiler writes
