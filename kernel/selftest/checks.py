"""The checks of `selftest`, one function each: silent when all is well, CheckFailed with the reason otherwise.

They use the running kernel as its other users do and leave it as they found it. `embedded` and the disk come from the
caller, so that nothing here looks for devices.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.page_table import Protection
from kernel.block.boot_record import has_boot_signature
from kernel.fs.fat.volume import Volume
from kernel.interfaces.block_device import BlockDevice
from kernel.lib.byte_codec import array_of
from kernel.mm.address_space import AddressSpace
from kernel.mm.direct_map import bytes_at
from kernel.mm.dma import DmaBuffer
from kernel.mm.page_fault import FAULT_STATUS
from kernel.mm.physical_memory import free_frames
from kernel.proc.elf_format import ElfError, parse_elf
from kernel.proc.elf_load_plan import plan_load
from kernel.proc.machine_code import (
    CODE_ADDRESS,
    DATA_ADDRESS,
    SHOW_DATA,
    TOUCH_KERNEL,
    first_stack,
    make_process,
)
from kernel.proc.process import Process
from kernel.proc.program_memory import ProgramMemory
from kernel.proc.run import run_process
from runtime.lang import Array, new_array, u8, u64

TEST_ADDRESS: Final = 0x10_0000_0000
TEST_PAGES: Final = 8
TEST_BYTES: Final = 32768
# The loader of this very system, on every disk it boots from.
BOOT_FILE: Final = "/EFI/BOOT/BOOTX64.EFI"


class CheckFailed(Exception):
    """What was found instead."""


def require(condition: bool, reason: str) -> None:
    if not condition:
        raise CheckFailed(reason)


def check_memory_allocator() -> None:
    """Objects, large blocks and DMA memory: usable, and all of it comes back."""
    use_memory()
    before = free_frames()
    use_memory()
    require(free_frames() == before, f"{before - free_frames()} frames did not come back")


def use_memory() -> None:
    blocks: list[Array[u8]] = []
    for size in range(1, 200):
        block = new_array(u8, size * 41)
        block.fill(u8(size))
        blocks.append(block)
    for size in range(1, 200):
        block = blocks[size - 1]
        require(block[0] == size and block[len(block) - 1] == size, "a block lost its content")
    buffer = DmaBuffer(TEST_BYTES)
    try:
        require(buffer.physical.value % 4096 == 0, "DMA memory does not begin on a page")
        require(buffer.bytes()[TEST_BYTES - 1] == 0, "DMA memory is not zeroed")
    finally:
        buffer.release()


def check_paging() -> None:
    """Mapping, translation, protection rules, and unmapping."""
    before = free_frames()
    memory = ProgramMemory()
    try:
        use_pages(memory)
    finally:
        memory.destroy()
    require(free_frames() == before, f"{before - free_frames()} frames did not come back")


def use_pages(memory: ProgramMemory) -> None:
    space = memory.space
    space.map_zeroed_range(u64(TEST_ADDRESS), u64(TEST_PAGES * 4096), Protection.USER_WRITE)
    pattern = array_of(b"pages are contiguous only for the program")
    place = u64(TEST_ADDRESS + 4096 - 8)
    space.write(place, pattern)
    second_page = bytes_at(space.frame_of(u64(TEST_ADDRESS + 4096)))
    require(second_page[0] == pattern[8], "bytes did not arrive on the second page")
    require(refuses_page(space, TEST_ADDRESS), "a page was mapped over another")
    require(refuses_page(space, 0), "the null page was mapped")
    space.unmap(u64(TEST_ADDRESS))
    require(not space.is_mapped(u64(TEST_ADDRESS)), "a page that was unmapped is still there")


def refuses_page(space: AddressSpace, address: int) -> bool:
    """Whether no page can be mapped there."""
    try:
        space.map_zeroed(u64(address), Protection.USER_WRITE)
    except OSError:
        return True
    return False


def check_disk(disk: BlockDevice) -> None:
    """Sector 0 has its signature, alone and as part of a larger read."""
    single = new_array(u8, disk.sector_size)
    disk.read_sectors(0, 1, single)
    require(has_boot_signature(single), "sector 0 does not end with 55AA")
    count = min(disk.sector_count, 300)
    several = new_array(u8, disk.sector_size * count)
    disk.read_sectors(0, count, several)
    for index in range(disk.sector_size):
        require(several[index] == single[index], "two reads of sector 0 differ")
    require(is_refused(disk, disk.sector_count), "a sector past the end was read")


def is_refused(disk: BlockDevice, sector: int) -> bool:
    try:
        disk.read_sectors(sector, 1, new_array(u8, disk.sector_size))
    except OSError:
        return True
    return False


def check_file_system(volume: Volume) -> None:
    """The boot file is there, in two folders, with the beginning of a PE image."""
    require(len(volume.list_directory("/")) > 0, "the root directory is empty")
    entry = volume.find(BOOT_FILE)
    file = volume.open(BOOT_FILE)
    require(file.size == entry.size, "the size of the boot file is not its entry's")
    beginning = new_array(u8, 2)
    file.read(0, beginning)
    require(beginning[0] == ord("M") and beginning[1] == ord("Z"), "the boot file is no PE image")


def check_elf_loader(program: bytes) -> None:
    """A good file has a plan, a damaged one a reason."""
    file = array_of(program)
    plan = plan_load(parse_elf(file))
    require(plan.page_count > 0, "a program without pages")
    require(plan.entry >= CODE_ADDRESS, "a program that begins below its image")
    file[0] = u8(0)
    require(is_bad_program(file), "a file without the magic number was accepted")


def is_bad_program(file: Array[u8]) -> bool:
    try:
        parse_elf(file)
    except ElfError:
        return True
    return False


def check_user_isolation() -> None:
    """Two programs see different bytes at one address, and neither sees the kernel's."""
    require(status_of_data(17) == 17 and status_of_data(42) == 42, "a program read another one's byte")
    process = make_process("touch", TOUCH_KERNEL)
    require(run_and_destroy(process) == FAULT_STATUS, "a program read kernel memory")


def status_of_data(value: int) -> int:
    """The exit status of a program that shows its byte, while another one with another byte exists."""
    other = make_process("other", SHOW_DATA)
    try:
        put_data(other, 255 - value)
        process = make_process("data", SHOW_DATA)
        put_data(process, value)
        return run_and_destroy(process)
    finally:
        other.destroy()


def put_data(process: Process, value: int) -> None:
    data = new_array(u8, 1)
    data[0] = u8(value)
    process.memory.add_image(DATA_ADDRESS, 1, False, False)
    process.memory.space.write(u64(DATA_ADDRESS), data)


def run_and_destroy(process: Process) -> int:
    try:
        return run_process(process, u64(CODE_ADDRESS), first_stack())
    finally:
        process.destroy()
