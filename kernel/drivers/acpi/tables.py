"""ACPI tables: found from the root pointer, checked, and read as far as power-off, reset and timers need.

ACPI 6.5 §5.2 (RSDP, RSDT, XSDT, FADT, MADT) and §20.2 (the AML encoding of `_S5`). Memory is read through
`PhysicalMemoryReader`, because the tables lie in memory of any type. Everything is bounded: table sizes, the number
of tables, the search. Revision 0 root pointers (RSDT) and 2 (XSDT, else RSDT) both work.

Errors: ENOENT for a table that is not there, EINVAL for a root pointer or a table that fails its checks, and EFAULT
from the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.lib.byte_codec import get_u16, get_u32, get_u64, has_signature, latin1_text
from kernel.lib.checksum import byte_sum
from runtime.abi.error_numbers import EFAULT, EINVAL, ENOENT
from runtime.lang import Array, new_array, u8, u64

_RSDP_SIGNATURE: Final = b"RSD PTR "
_RSDP_SIZE_0: Final = 20
_RSDP_SIZE_2: Final = 36
_RSDP_REVISION: Final = 15
_RSDP_RSDT: Final = 16
_RSDP_LENGTH: Final = 20
_RSDP_XSDT: Final = 24

_HEADER_SIZE: Final = 36
_LENGTH: Final = 4
_MAX_TABLE_SIZE: Final = 4 * 1024 * 1024
_MAX_TABLES: Final = 256

# FADT (§5.2.9).
_FADT_DSDT: Final = 40
_FADT_SCI_INTERRUPT: Final = 46
_FADT_SMI_COMMAND: Final = 48
_FADT_ACPI_ENABLE: Final = 52
_FADT_PM1A_CONTROL: Final = 64
_FADT_PM1B_CONTROL: Final = 68
_FADT_PM_TIMER: Final = 76
_FADT_CENTURY: Final = 108
_FADT_BOOT_FLAGS: Final = 109  # IAPC_BOOT_ARCH
_FADT_FLAGS: Final = 112
_FADT_RESET_REGISTER: Final = 116
_FADT_RESET_VALUE: Final = 128
_FADT_X_DSDT: Final = 140
_FADT_X_PM1A_CONTROL: Final = 172
_FADT_X_PM1B_CONTROL: Final = 184
_FADT_MIN_SIZE: Final = 116  # revision 1
_FLAG_RESET_SUPPORTED: Final = 1 << 10

_MADT_LOCAL_APIC: Final = 36
_MADT_ENTRIES: Final = 44
_MADT_LOCAL_APIC_OVERRIDE: Final = 5
_MADT_LOCAL_APIC_ENTRY: Final = 0

# Generic Address Structure (§5.2.3.2).
_SPACE_MEMORY: Final = 0
_SPACE_IO: Final = 1

# AML (§20.2).
_AML_NAME: Final = 0x08
_AML_ROOT_PREFIX: Final = 0x5C
_AML_PACKAGE: Final = 0x12
_AML_ZERO: Final = 0x00
_AML_ONE: Final = 0x01
_AML_BYTE: Final = 0x0A
_AML_WORD: Final = 0x0B
_AML_DWORD: Final = 0x0C


class PhysicalMemoryReader:
    """Base class of the access to physical memory; EFAULT where there is none."""

    def read(self, address: u64, buffer: Array[u8]) -> None:
        """Fill the buffer from a physical address."""
        raise OSError(EFAULT, "physical memory cannot be read")


@dataclass(frozen=True, slots=True)
class GenericAddress:
    """A register in memory or in port space; `address` 0 means there is none."""

    is_io: bool
    address: u64


@dataclass(frozen=True, slots=True)
class FixedDescription:
    """The FADT as far as it is used; port numbers are 0 where there is no such block."""

    dsdt: u64
    sci_interrupt: int
    smi_command: int
    acpi_enable: int
    pm1a_control: GenericAddress
    pm1b_control: GenericAddress
    pm_timer: int
    reset_register: GenericAddress
    reset_value: int
    boot_flags: int  # IAPC_BOOT_ARCH; valid when has_boot_flags
    has_boot_flags: bool

    @property
    def may_have_8042(self) -> bool:
        """Whether a keyboard controller may be there: always when the table is too old to say."""
        return not self.has_boot_flags or self.boot_flags & 2 != 0


@dataclass(frozen=True, slots=True)
class SleepType:
    """The values for SLP_TYP of the two PM1 control registers."""

    for_pm1a: int
    for_pm1b: int


class AcpiTables:
    """The tables that the root pointer leads to."""

    _memory: PhysicalMemoryReader
    _addresses: list[u64]  # of the tables whose header could be read
    _signatures: list[str]

    def __init__(self, memory: PhysicalMemoryReader, root_pointer: u64) -> None:
        self._memory = memory
        self._addresses = []
        self._signatures = []
        self._read_root(root_pointer)

    def signatures(self) -> list[str]:
        """Return the signatures of all tables in order."""
        return self._signatures

    def table(self, signature: str, instance: int = 0) -> Array[u8]:
        """Return a checked table by its signature; `instance` counts tables of the same one."""
        seen = 0
        for index in range(len(self._addresses)):
            if self._signatures[index] == signature:
                if seen == instance:
                    return self.read_table(self._addresses[index])
                seen += 1
        raise OSError(ENOENT, f"ACPI: no table {signature}")

    def read_table(self, address: u64) -> Array[u8]:
        """Return the table at a physical address with its length and checksum verified."""
        header = self._read(address, _HEADER_SIZE)
        length = get_u32(header, _LENGTH)
        if length < _HEADER_SIZE or length > _MAX_TABLE_SIZE:
            raise OSError(EINVAL, f"ACPI: a table of {length} bytes")
        table = self._read(address, length)
        if byte_sum(table) != 0:
            raise OSError(EINVAL, f"ACPI: the checksum of {latin1_text(table, 0, 4)} is wrong")
        return table

    def fixed_description(self) -> FixedDescription:
        """Return the FADT."""
        return parse_fadt(self.table("FACP"))

    def local_apic_address(self) -> u64:
        """Return the physical address of the local APIC from the MADT, its 64-bit override included."""
        return parse_local_apic_address(self.table("APIC"))

    def power_off_type(self, fixed: FixedDescription) -> SleepType:
        """Return the sleep type of S5 from the DSDT, else from an SSDT; ENOENT when none defines it."""
        found = find_sleep_type(self.read_table(fixed.dsdt))
        instance = 0
        while found is None:
            found = find_sleep_type(self.table("SSDT", instance))  # ENOENT after the last one ends the loop
            instance += 1
        return found

    def _read_root(self, root_pointer: u64) -> None:
        """Check the root pointer and list the tables of the XSDT, or of the RSDT."""
        pointer = self._read(root_pointer, _RSDP_SIZE_0)
        if not has_signature(pointer, 0, _RSDP_SIGNATURE) or byte_sum(pointer) != 0:
            raise OSError(EINVAL, "ACPI: no root pointer, or its checksum is wrong")
        xsdt = u64(0)
        if pointer[_RSDP_REVISION] >= 2:
            xsdt = self._extended_root(root_pointer)
        if xsdt != 0:
            self._list_tables(self.read_table(xsdt), 8)
        else:
            self._list_tables(self.read_table(u64(get_u32(pointer, _RSDP_RSDT))), 4)

    def _extended_root(self, root_pointer: u64) -> u64:
        """Return the XSDT's address from a revision 2 root pointer."""
        pointer = self._read(root_pointer, _RSDP_SIZE_2)
        length = get_u32(pointer, _RSDP_LENGTH)
        if length < _RSDP_SIZE_2 or length > 4096 or byte_sum(self._read(root_pointer, length)) != 0:
            raise OSError(EINVAL, "ACPI: the extended checksum of the root pointer is wrong")
        return get_u64(pointer, _RSDP_XSDT)

    def _list_tables(self, root: Array[u8], entry_size: int) -> None:
        """Remember every table that the RSDT or XSDT names and that can be read."""
        count = min((len(root) - _HEADER_SIZE) // entry_size, _MAX_TABLES)
        for index in range(count):
            offset = _HEADER_SIZE + index * entry_size
            address = get_u64(root, offset) if entry_size == 8 else u64(get_u32(root, offset))
            try:
                header = self._read(address, _HEADER_SIZE)
            except OSError:
                continue  # one bad pointer must not hide the other tables
            self._addresses.append(address)
            self._signatures.append(latin1_text(header, 0, 4))

    def _read(self, address: u64, size: int) -> Array[u8]:
        """Return bytes of physical memory."""
        if address == 0:
            raise OSError(EFAULT, "ACPI: a null address")
        buffer = new_array(u8, size)
        self._memory.read(address, buffer)
        return buffer


def parse_fadt(table: Array[u8]) -> FixedDescription:
    """Return the fields of a FADT of any revision; the 64-bit fields win where they are set."""
    if len(table) < _FADT_MIN_SIZE:
        raise OSError(EINVAL, f"ACPI: a FADT of {len(table)} bytes")
    dsdt = u64(get_u32(table, _FADT_DSDT))
    if len(table) >= _FADT_X_DSDT + 8 and get_u64(table, _FADT_X_DSDT) != 0:
        dsdt = get_u64(table, _FADT_X_DSDT)
    return FixedDescription(
        dsdt,
        get_u16(table, _FADT_SCI_INTERRUPT),
        get_u32(table, _FADT_SMI_COMMAND),
        int(table[_FADT_ACPI_ENABLE]),
        _control_block(table, _FADT_PM1A_CONTROL, _FADT_X_PM1A_CONTROL),
        _control_block(table, _FADT_PM1B_CONTROL, _FADT_X_PM1B_CONTROL),
        get_u32(table, _FADT_PM_TIMER),
        _reset_register(table),
        int(table[_FADT_RESET_VALUE]) if len(table) > _FADT_RESET_VALUE else 0,
        get_u16(table, _FADT_BOOT_FLAGS),
        int(table[8]) >= 3,
    )


def _control_block(table: Array[u8], offset: int, extended_offset: int) -> GenericAddress:
    """Return a PM1 control block: the generic address when it is there and set, else the port number."""
    if len(table) >= extended_offset + 12:
        extended = _generic_address(table, extended_offset)
        if extended.address != 0:
            return extended
    return GenericAddress(True, u64(get_u32(table, offset)))


def _reset_register(table: Array[u8]) -> GenericAddress:
    """Return the reset register; none unless the flags say that it works."""
    if len(table) <= _FADT_RESET_VALUE or get_u32(table, _FADT_FLAGS) & _FLAG_RESET_SUPPORTED == 0:
        return GenericAddress(True, u64(0))
    return _generic_address(table, _FADT_RESET_REGISTER)


def _generic_address(table: Array[u8], offset: int) -> GenericAddress:
    """Return a generic address structure; spaces other than memory and ports count as absent."""
    space = int(table[offset])
    if space != _SPACE_MEMORY and space != _SPACE_IO:
        return GenericAddress(True, u64(0))
    address = get_u64(table, offset + 4)
    if space == _SPACE_IO and address > 0xFFFF:
        return GenericAddress(True, u64(0))
    return GenericAddress(space == _SPACE_IO, address)


def parse_local_apic_address(table: Array[u8]) -> u64:
    """Return the local APIC address of a MADT (§5.2.12); an override entry wins."""
    if len(table) < _MADT_ENTRIES:
        raise OSError(EINVAL, f"ACPI: a MADT of {len(table)} bytes")
    address = u64(get_u32(table, _MADT_LOCAL_APIC))
    offset = _MADT_ENTRIES
    while offset + 2 <= len(table):
        length = int(table[offset + 1])
        if length < 2 or offset + length > len(table):
            break
        if table[offset] == _MADT_LOCAL_APIC_OVERRIDE and length >= 12:
            address = get_u64(table, offset + 4)
        offset += length
    return address


def count_processors(table: Array[u8]) -> int:
    """Return the number of enabled processors that a MADT lists by local APIC."""
    count = 0
    offset = _MADT_ENTRIES
    while offset + 2 <= len(table):
        length = int(table[offset + 1])
        if length < 2 or offset + length > len(table):
            break
        if table[offset] == _MADT_LOCAL_APIC_ENTRY and length >= 8 and int(table[offset + 4]) & 1 != 0:
            count += 1
        offset += length
    return count


def find_sleep_type(code: Array[u8]) -> SleepType | None:
    """Return the S5 sleep type that `Name (_S5, Package () {a, b, …})` in AML defines, or None."""
    for offset in range(_HEADER_SIZE, len(code) - 8):
        if code[offset] == 0x5F and has_signature(code, offset, b"_S5_") and _follows_name(code, offset):
            found = _read_package(code, offset + 4)
            if found is not None:
                return found
    return None


def _follows_name(code: Array[u8], offset: int) -> bool:
    """Tell whether a NameOp, with or without the root prefix, stands before the name."""
    before = int(code[offset - 1])
    return before == _AML_NAME or (before == _AML_ROOT_PREFIX and code[offset - 2] == _AML_NAME)


def _read_package(code: Array[u8], offset: int) -> SleepType | None:
    """Return the first two numbers of the package at `offset`; one number serves for both registers."""
    if code[offset] != _AML_PACKAGE:
        return None
    # PkgLength: the two top bits of its first byte say how many more bytes it has (§20.2.4).
    position = offset + 2 + (int(code[offset + 1]) >> 6)
    if position >= len(code):
        return None
    elements = int(code[position])
    first = _small_number(code, position + 1)
    if elements == 0 or first < 0:
        return None
    second = _small_number(code, position + 1 + _number_size(int(code[position + 1]))) if elements > 1 else first
    return SleepType(first & 7, (second if second >= 0 else first) & 7)


def _small_number(code: Array[u8], offset: int) -> int:
    """Return the low byte of a constant, or -1 when there is none."""
    if offset >= len(code):
        return -1
    operation = int(code[offset])
    if operation == _AML_ZERO or operation == _AML_ONE:
        return operation
    if operation == _AML_BYTE or operation == _AML_WORD or operation == _AML_DWORD:
        return int(code[offset + 1]) if offset + 1 < len(code) else -1
    return -1


def _number_size(operation: int) -> int:
    """Return the bytes that a constant takes in AML."""
    if operation == _AML_BYTE:
        return 2
    if operation == _AML_WORD:
        return 3
    return 5 if operation == _AML_DWORD else 1
