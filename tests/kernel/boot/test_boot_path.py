"""From efi_main's collecting to finished page tables, with firmware played by Python functions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kernel.arch.x86_64.address_layout import DEVICE_MEMORY, DIRECT_MAP, KERNEL_IMAGE
from kernel.arch.x86_64.page_table import GLOBAL, LARGE, NO_EXECUTE, WRITABLE, look_up, translate
from kernel.arch.x86_64.physical_window import PHYSICAL_WINDOW
from kernel.arch.x86_64.table_frames import TABLE_FRAMES
from kernel.boot import entry, uefi_tables
from kernel.boot.boot_info import BOOT_INFO, BootInfo, command_line, command_line_has, command_line_value
from kernel.boot.high_half import SWITCH
from kernel.boot.kernel_tables import build_kernel_tables
from kernel.boot.table_pool import RAM, tables_needed
from kernel.config import EXIT_BOOT_SERVICES_TRIES
from runtime.host.arenas import memory
from runtime.host.image import image
from runtime.host.machine import SimulatedMachine, use_machine
from runtime.lang import PhysicalAddress, Ptr, VirtualAddress, pointer_to, size_of, u8, u64
from tests.kernel.boot.fake_firmware import FakeFirmware, firmware_tables, put_graphics, put_load_options

RAM_END = 0x800_0000
IMAGE_AT = 0x1_4000_0000 + 0x5000  # above 4 GiB and off every larger page
SECTIONS = {
    "__image_start": 0x0,
    "__text_start": 0x1000,
    "__text_end": 0x4800,
    "__rodata_start": 0x5000,
    "__rodata_end": 0x7000,
    "__relro_start": 0x7000,
    "__relro_end": 0x7800,
    "__data_start": 0x8000,
    "__data_end": 0x8800,
    "__bss_start": 0x8800,
    "__bss_end": 0xC000,
    "__image_end": 0xC000,
    "__relocations_start": 0x6000,
    "__relocations_end": 0x6010,
    "kernel_main": 0x1230,
}
REGIONS = [
    (7, 0x100_0000, (RAM_END - 0x100_0000) // 4096),
    (0, 0xFEC0_0000, 16),
    (1, IMAGE_AT, 12),
    (7, IMAGE_AT + 0xC000, 0x400),
    (7, 0x0, 0xA0),
    (10, 0x80_0000, 8),
    (11, 0x1_0000_0000, 16),
]
NO_HANDLE = Ptr[u8](u64(0))


@contextmanager
def booted_with(
    firmware: FakeFirmware, configuration: list[tuple[int, int, int]] | None = None
) -> Iterator[Ptr[uefi_tables.SystemTable]]:
    """A machine at the first instruction of efi_main."""
    ram = memory.map_memory(0x100_0000, RAM_END - 0x100_0000, "ram")
    kept, image.symbols = image.symbols, {name: IMAGE_AT + offset for name, offset in SECTIONS.items()}
    base, PHYSICAL_WINDOW.base = PHYSICAL_WINDOW.base, u64(0)
    memory.write(int(pointer_to(BOOT_INFO).address), bytes(size_of(BootInfo)))
    machine = SimulatedMachine()
    for leaf in (0, 1, 0x8000_0000):
        machine.cpuid_leaves[leaf, 0] = (1, 0, 0, 0)
    try:
        with use_machine(machine), firmware_tables(firmware, configuration or []) as table:
            yield table
    finally:
        image.symbols = kept
        PHYSICAL_WINDOW.base = base
        TABLE_FRAMES.low = TABLE_FRAMES.high = u64(0)
        ram.release()


def root() -> PhysicalAddress:
    return PhysicalAddress(BOOT_INFO.root_table)


def at(address: int) -> VirtualAddress:
    return VirtualAddress(u64(address))


def test_leaving_takes_a_new_map_after_each_refusal() -> None:
    firmware = FakeFirmware(list(REGIONS), refusals=3)
    with booted_with(firmware) as table:
        assert entry.prepare(NO_HANDLE, table) == uefi_tables.SUCCESS
        first_exit = firmware.calls.index("exit")
        assert set(firmware.calls[first_exit:]) == {"map", "exit"}
        assert firmware.calls.count("exit") == 4
        assert firmware.exited
        assert int(BOOT_INFO.map_size) == 48 * (len(REGIONS) + 3)


def test_firmware_that_never_agrees_is_given_up() -> None:
    firmware = FakeFirmware(list(REGIONS), refusals=1000)
    with booted_with(firmware) as table:
        assert entry.prepare(NO_HANDLE, table) != uefi_tables.SUCCESS
        assert firmware.calls.count("exit") == EXIT_BOOT_SERVICES_TRIES


def test_a_map_that_does_not_fit_is_an_error() -> None:
    firmware = FakeFirmware([(7, 0x100_0000 + index * 0x2000, 1) for index in range(1400)])
    with booted_with(firmware) as table:
        assert entry.prepare(NO_HANDLE, table) == uefi_tables.BUFFER_TOO_SMALL


@pytest.mark.parametrize("descriptor_size", [40, 48, 64])
def test_descriptors_of_any_size(descriptor_size: int) -> None:
    with booted_with(FakeFirmware(list(REGIONS), descriptor_size=descriptor_size)) as table:
        assert entry.prepare(NO_HANDLE, table) == uefi_tables.SUCCESS
        build_kernel_tables()
        assert translate(root(), at(DIRECT_MAP + 0x123_4567)).value == 0x123_4567


def test_the_tables_of_the_kernel() -> None:
    with booted_with(FakeFirmware(list(REGIONS))) as table:
        assert entry.prepare(NO_HANDLE, table) == uefi_tables.SUCCESS
        build_kernel_tables()
        check_image()
        check_direct_map()
        check_identity_window()
        assert TABLE_FRAMES.low < TABLE_FRAMES.high


def check_image() -> None:
    rights = {0x0: "r", 0x1000: "x", 0x4000: "x", 0x5000: "r", 0x7000: "r", 0x8000: "w", 0x9000: "w", 0xB000: "w"}
    for offset, right in rights.items():
        entry_bits = look_up(root(), at(KERNEL_IMAGE + offset))
        assert translate(root(), at(KERNEL_IMAGE + offset)).value == IMAGE_AT + offset
        assert bool(entry_bits & WRITABLE) == (right == "w")
        assert bool(entry_bits & NO_EXECUTE) == (right != "x")
    assert look_up(root(), at(KERNEL_IMAGE + 0xC000)) == 0


def check_direct_map() -> None:
    for physical in (0x100_0000, RAM_END - 1, 0x9_F000, 0x80_0000, IMAGE_AT, IMAGE_AT + 0xB000, IMAGE_AT + 0x40_0000):
        entry_bits = look_up(root(), at(DIRECT_MAP + physical))
        assert translate(root(), at(DIRECT_MAP + physical)).value == physical
        assert entry_bits & WRITABLE
        assert entry_bits & NO_EXECUTE
    assert look_up(root(), at(DIRECT_MAP + 0x200_0000)) & LARGE != 0
    assert look_up(root(), at(DIRECT_MAP + IMAGE_AT)) & LARGE == 0
    for absent in (0xFEC0_0000, 0x1_0000_0000, RAM_END, 0xA_0000):
        assert look_up(root(), at(DIRECT_MAP + absent)) == 0


def check_identity_window() -> None:
    for offset in (0x1000, 0x4000):
        entry_bits = look_up(root(), at(IMAGE_AT + offset))
        assert translate(root(), at(IMAGE_AT + offset)).value == IMAGE_AT + offset
        assert entry_bits & (WRITABLE | NO_EXECUTE | GLOBAL) == 0
    assert look_up(root(), at(IMAGE_AT)) == 0
    assert look_up(root(), at(IMAGE_AT + 0x8000)) == 0


def test_the_switch_gets_high_addresses() -> None:
    with booted_with(FakeFirmware(list(REGIONS))) as table:
        assert entry.prepare(NO_HANDLE, table) == uefi_tables.SUCCESS
        build_kernel_tables()
        entry.fill_switch_parameters()
        assert SWITCH.entry == KERNEL_IMAGE + SECTIONS["kernel_main"]
        assert SWITCH.relocations_start == KERNEL_IMAGE + 0x6000
        assert (IMAGE_AT + SWITCH.displacement) % (1 << 64) == KERNEL_IMAGE
        assert SWITCH.image_alias == DIRECT_MAP + IMAGE_AT
        assert SWITCH.stack_top % 16 == 0


@pytest.mark.parametrize(
    ("pixel_format", "red", "blue"), [(0, 0xFF, 0xFF_0000), (1, 0xFF_0000, 0xFF), (3, 0, 0), (9, 0, 0)]
)
def test_the_framebuffer(pixel_format: int, red: int, blue: int) -> None:
    firmware = FakeFirmware(list(REGIONS))
    key = (int(uefi_tables.GRAPHICS_OUTPUT_LOW), int(uefi_tables.GRAPHICS_OUTPUT_HIGH))
    with booted_with(firmware) as table:
        firmware.protocols[key] = put_graphics(1366, 768, 1376, pixel_format, 0xFC_1000_3000)
        assert entry.prepare(NO_HANDLE, table) == uefi_tables.SUCCESS
        build_kernel_tables()
        if red == 0:
            assert BOOT_INFO.framebuffer == BOOT_INFO.framebuffer_virtual == 0
            assert BOOT_INFO.device_memory_end == DEVICE_MEMORY
            return
        assert (BOOT_INFO.red_mask, BOOT_INFO.blue_mask, BOOT_INFO.pixels_per_line) == (red, blue, 1376)
        last = 1376 * 768 * 4 - 1
        for offset in (0, 0x1000, last):
            place = at(BOOT_INFO.framebuffer_virtual + offset)
            assert translate(root(), place).value == 0xFC_1000_3000 + offset
        assert BOOT_INFO.device_memory_end > BOOT_INFO.framebuffer_virtual + last


@pytest.mark.parametrize(
    ("width", "height", "pitch", "base", "usable"),
    [
        (800, 600, 800, 0xFC_1000_3000, True),
        (800, 600, 799, 0xFC_1000_3000, False),
        (0, 600, 800, 0xFC_1000_3000, False),
        (800, 0, 800, 0xFC_1000_3000, False),
        (1, 1, 1, 0xFC_1000_3004, True),
        (800, 600, 800, 0xFC_1000_3002, False),
        (800, 600, 800, 0, False),
    ],
)
def test_a_screen_is_taken_when_its_numbers_fit(width: int, height: int, pitch: int, base: int, usable: bool) -> None:
    firmware = FakeFirmware(list(REGIONS))
    key = (int(uefi_tables.GRAPHICS_OUTPUT_LOW), int(uefi_tables.GRAPHICS_OUTPUT_HIGH))
    with booted_with(firmware) as table:
        firmware.protocols[key] = put_graphics(width, height, pitch, 0, base)
        assert entry.prepare(NO_HANDLE, table) == uefi_tables.SUCCESS
        taken = (int(BOOT_INFO.framebuffer), int(BOOT_INFO.width), int(BOOT_INFO.framebuffer_size))
        assert taken == ((base, width, pitch * height * 4) if usable else (0, 0, 0))


def test_the_table_pool_grows_with_memory_map_image_and_screen() -> None:
    with booted_with(FakeFirmware(list(REGIONS))) as table:
        assert entry.prepare(NO_HANDLE, table) == uefi_tables.SUCCESS
        RAM.count = 0
        BOOT_INFO.image_size = u64(0)
        BOOT_INFO.framebuffer_size = u64(0)
        BOOT_INFO.map_size = u64(0)
        least = tables_needed()
        # 257 tables of the kernel half, the reserve of 64, an image and a screen that touch two and four 2 MiB pieces.
        assert least == 257 + 64 + 4 + 4
        RAM.add(0x1000, 1 << 30)
        assert tables_needed() == least + 1
        RAM.add((3 << 30) - 0x1000, (5 << 30) + 0x1000)
        assert tables_needed() == least + 1 + 4
        BOOT_INFO.map_size = BOOT_INFO.descriptor_size * 10
        assert tables_needed() == least + 5 + 20
        BOOT_INFO.image_size = u64(4 << 20)
        BOOT_INFO.framebuffer_size = u64(6 << 20)
        assert tables_needed() == least + 25 + 4 + 3


def test_the_newer_acpi_root_wins() -> None:
    old = (int(uefi_tables.ACPI_1_LOW), int(uefi_tables.ACPI_1_HIGH), 0x1111)
    new = (int(uefi_tables.ACPI_2_LOW), int(uefi_tables.ACPI_2_HIGH), 0x2222)
    for tables, expected in (([old], 0x1111), ([new, old], 0x2222), ([old, new], 0x2222), ([], 0)):
        with booted_with(FakeFirmware(list(REGIONS)), tables) as table:
            assert entry.prepare(NO_HANDLE, table) == uefi_tables.SUCCESS
            assert BOOT_INFO.acpi_root == expected


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("panic=exit quiet".encode("utf-16-le"), "panic=exit quiet"),
        ("quiet\0rest".encode("utf-16-le"), "quiet"),
        (b"\x01\x02\x03", ""),
        (("x" * 400).encode("utf-16-le"), "x" * 256),
        (b"", ""),
    ],
)
def test_load_options_become_the_command_line(options: bytes, text: str) -> None:
    firmware = FakeFirmware(list(REGIONS))
    key = (int(uefi_tables.LOADED_IMAGE_LOW), int(uefi_tables.LOADED_IMAGE_HIGH))
    with booted_with(firmware) as table:
        firmware.protocols[key] = put_load_options(options)
        assert entry.prepare(NO_HANDLE, table) == uefi_tables.SUCCESS
        assert command_line() == text
        assert command_line_has("quiet") == ("quiet" in text)
        assert command_line_value("panic") == ("exit" if "panic" in text else "")
