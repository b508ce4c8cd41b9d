"""Offsets and identifiers of the UEFI structures, against the numbers of the specification."""

from __future__ import annotations

import uuid

import pytest

from kernel.boot import uefi_tables as uefi
from runtime.lang import offset_of, size_of

OFFSETS = [
    (uefi.BootServices, "allocate_pages", 40),
    (uefi.BootServices, "get_memory_map", 56),
    (uefi.BootServices, "handle_protocol", 152),
    (uefi.BootServices, "exit_boot_services", 232),
    (uefi.BootServices, "set_watchdog_timer", 256),
    (uefi.BootServices, "locate_protocol", 320),
    (uefi.SystemTable, "boot_services", 96),
    (uefi.SystemTable, "table_count", 104),
    (uefi.SystemTable, "tables", 112),
    (uefi.LoadedImage, "load_options_size", 48),
    (uefi.LoadedImage, "load_options", 56),
    (uefi.LoadedImage, "image_base", 64),
    (uefi.GraphicsOutput, "mode", 24),
    (uefi.GraphicsMode, "information", 8),
    (uefi.GraphicsMode, "framebuffer", 24),
    (uefi.GraphicsInformation, "pixel_format", 12),
    (uefi.GraphicsInformation, "pixels_per_line", 32),
    (uefi.MemoryDescriptor, "physical_start", 8),
    (uefi.MemoryDescriptor, "attribute", 32),
]


@pytest.mark.parametrize(("structure", "field", "offset"), OFFSETS)
def test_offsets(structure: type[object], field: str, offset: int) -> None:
    assert offset_of(structure, field) == offset


def test_a_configuration_table_has_24_bytes() -> None:
    assert size_of(uefi.ConfigurationTable) == 24


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GRAPHICS_OUTPUT", "9042a9de-23dc-4a38-96fb-7aded080516a"),
        ("LOADED_IMAGE", "5b1b31a1-9562-11d2-8e3f-00a0c969723b"),
        ("ACPI_2", "8868e871-e4f1-11d3-bc22-0080c73c8881"),
        ("ACPI_1", "eb9d2d30-2d88-11d3-9a16-0090273fc14d"),
    ],
)
def test_identifiers(name: str, text: str) -> None:
    words = getattr(uefi, f"{name}_LOW").to_bytes(8, "little") + getattr(uefi, f"{name}_HIGH").to_bytes(8, "little")
    assert uuid.UUID(bytes_le=words) == uuid.UUID(text)
