"""Checksums of firmware and disk structures: CRC-32 (UEFI, GPT) and the byte sum of ACPI tables.

CRC-32 is the reflected polynomial 0xEDB88320 of ISO 3309 (UEFI 2.10 §4.2 names it for its headers). It works by half
bytes: a table of sixteen words instead of a kilobyte, since the kernel sums a few sectors per boot.
"""

from __future__ import annotations

from typing import Final

from runtime.lang import Array, u8

CRC32_START: Final = 0xFFFFFFFF

# Remainders of the sixteen half bytes under 0xEDB88320.
_CRC32_HALF_BYTES: Final[tuple[int, ...]] = (
    0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
    0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
)  # fmt: skip


def crc32_step(state: int, byte: int) -> int:
    """Return the state after one more byte; start with CRC32_START, end with `crc32_finish`."""
    state ^= byte
    state = (state >> 4) ^ _CRC32_HALF_BYTES[state & 15]
    return (state >> 4) ^ _CRC32_HALF_BYTES[state & 15]


def crc32_update(state: int, data: Array[u8]) -> int:
    """Return the state after all bytes of the array."""
    for byte in data:
        state = crc32_step(state, int(byte))
    return state


def crc32_finish(state: int) -> int:
    """Return the checksum that a state stands for."""
    return state ^ 0xFFFFFFFF


def crc32(data: Array[u8]) -> int:
    """Return the CRC-32 of the array."""
    return crc32_finish(crc32_update(CRC32_START, data))


def byte_sum(data: Array[u8]) -> int:
    """Return the sum of all bytes modulo 256; zero for an intact ACPI table (ACPI 6.5 §5.2.6)."""
    total = 0
    for byte in data:
        total = (total + int(byte)) & 0xFF
    return total
