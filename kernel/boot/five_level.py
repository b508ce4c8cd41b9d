"""Leaving five-level paging, which some firmware turns on:

the kernel is built for four. Intel SDM volume 3, 4.5 and 9.8.5.

CR4.LA57 can only change with paging off, so the way leads through 32-bit mode, in a page below 4 GiB:

    64-bit, five levels  -- far jump -->  32-bit compatibility mode  -- CR0.PG off -->  32-bit protected mode
    CR4.LA57 off, CR3 = the four-level root (below 4 GiB), EFER.LME on, CR0.PG on  -- far jump -->  64-bit, four levels

Until then a temporary root with our four-level root as its first entry shows the same identity window, so firmware's
tables (which may forbid running the page) are left before the jump. The page holds code and data and is mapped read-
execute, so it needs no stack. The code is written here and copied there; it finds its data through rbx. What must
survive 32-bit mode is kept in memory, because the upper halves of registers do not.

Rarely run, on purpose simple: no interrupt is on, no stack of ours is in use.
"""

from __future__ import annotations

from typing import Final, NoReturn

from kernel.arch.x86_64.control_registers import CR4_FIVE_LEVELS, CR4_GLOBAL_PAGES
from kernel.arch.x86_64.page_table import PRESENT, WRITABLE
from kernel.arch.x86_64.physical_window import window_bytes, window_words
from kernel.arch.x86_64.table_frames import take_temporary_table
from kernel.boot.boot_info import BOOT_INFO
from kernel.boot.firmware_calls import allocate_pages_below
from kernel.boot.uefi_tables import LOADER_CODE, OUT_OF_RESOURCES, SUCCESS, BootServices
from runtime.lang import Ptr, assembly, copy_memory, linker_symbol, naked, read_cr4, u16, u32, u64

# Layout of the low page; the code begins at 0.
TABLE_REGISTER_OFFSET: Final = 0x800
DESCRIPTORS_OFFSET: Final = 0x810
ROOT_OFFSET: Final = 0x840
CONTINUATION_OFFSET: Final = 0x848
PARAMETERS_OFFSET: Final = 0x850
# Far pointers: 32-bit offset, 16-bit selector.
FAR_32_OFFSET: Final = 0x858
FAR_64_OFFSET: Final = 0x860

# Selectors of the low page's descriptor table.
CODE_32: Final = 0x08
CODE_64: Final = 0x10
DATA_32: Final = 0x18
CODE_32_DESCRIPTOR: Final[u64] = 0x00CF_9B00_0000_FFFF
CODE_64_DESCRIPTOR: Final[u64] = 0x00AF_9B00_0000_FFFF
DATA_DESCRIPTOR: Final[u64] = 0x00CF_9300_0000_FFFF

KEPT_CR4: Final = -1 ^ CR4_GLOBAL_PAGES
KEPT_CR4_WITHOUT_FIVE_LEVELS: Final = -1 ^ CR4_FIVE_LEVELS
LOW_LIMIT: Final[u64] = 0xFFFF_FFFF


def five_levels_active() -> bool:
    return read_cr4() & CR4_FIVE_LEVELS != 0


def allocate_low_page(services: Ptr[BootServices]) -> u64:
    """Take the page from firmware; the answer is a status."""
    page = allocate_pages_below(services, LOW_LIMIT, LOADER_CODE, 1)
    if page == 0:
        return OUT_OF_RESOURCES
    BOOT_INFO.low_page = u32(page)
    return SUCCESS


def leave_five_levels(continuation: u64, parameters: u64) -> NoReturn:
    """Go on with four levels at `continuation`, a physical address in the identity window.

    `parameters` arrives in rdi; it must be an address that our own tables map.
    """
    page = u64(BOOT_INFO.low_page)
    start = linker_symbol("five_level_code")
    copy_memory(window_bytes(page), window_bytes(start), linker_symbol("five_level_code_end") - start)
    fill_low_page(page, continuation, parameters)
    five_level_root = take_temporary_table()
    window_words(five_level_root)[0] = BOOT_INFO.root_table | PRESENT | WRITABLE
    jump_to_low_page(five_level_root, page)


def fill_low_page(page: u64, continuation: u64, parameters: u64) -> None:
    descriptors = window_words(page + DESCRIPTORS_OFFSET)
    descriptors[0] = 0
    descriptors[1] = CODE_32_DESCRIPTOR
    descriptors[2] = CODE_64_DESCRIPTOR
    descriptors[3] = DATA_DESCRIPTOR
    register = window_bytes(page + TABLE_REGISTER_OFFSET)
    register[0] = 31
    register[1] = 0
    Ptr[u64](register.address + 2)[0] = page + DESCRIPTORS_OFFSET
    window_words(page + ROOT_OFFSET)[0] = BOOT_INFO.root_table
    window_words(page + CONTINUATION_OFFSET)[0] = continuation
    window_words(page + PARAMETERS_OFFSET)[0] = parameters
    start = linker_symbol("five_level_code")
    fill_far_pointer(page + FAR_32_OFFSET, page + (linker_symbol("five_level_code_32") - start), CODE_32)
    fill_far_pointer(page + FAR_64_OFFSET, page + (linker_symbol("five_level_code_64") - start), CODE_64)


def fill_far_pointer(place: u64, target: u64, selector: int) -> None:
    Ptr[u32](place)[0] = u32(target)
    Ptr[u16](place + 4)[0] = u16(selector)


@naked
def jump_to_low_page(root: u64, page: u64) -> NoReturn:
    """Our five-level tables, then the page."""
    assembly(
        """
        cli
        cld
        mov rcx, cr4
        and rcx, {KEPT_CR4}
        mov cr4, rcx
        mov cr3, rdi
        mov rbx, rsi
        jmp rbx
        """
    )


@naked
def five_level_code_holder() -> None:
    """The code that is copied: position independent, entered with rbx = the page's address. Uses no stack."""
    assembly(
        """
        .globl five_level_code
    five_level_code:
        lgdt [rbx + {TABLE_REGISTER_OFFSET}]
        jmp fword ptr [rbx + {FAR_32_OFFSET}]
        .code32
        .globl five_level_code_32
    five_level_code_32:
        mov eax, {DATA_32}
        mov ds, eax
        mov es, eax
        mov ss, eax
        mov eax, cr0
        and eax, 0x7fffffff
        mov cr0, eax
        mov eax, cr4
        and eax, {KEPT_CR4_WITHOUT_FIVE_LEVELS}
        mov cr4, eax
        mov eax, dword ptr [ebx + {ROOT_OFFSET}]
        mov cr3, eax
        mov ecx, 0xc0000080
        rdmsr
        or eax, 0x100
        wrmsr
        mov eax, cr0
        or eax, 0x80000000
        mov cr0, eax
        jmp fword ptr [ebx + {FAR_64_OFFSET}]
        .code64
        .globl five_level_code_64
    five_level_code_64:
        mov ebx, ebx
        mov rdi, qword ptr [rbx + {PARAMETERS_OFFSET}]
        jmp qword ptr [rbx + {CONTINUATION_OFFSET}]
        .globl five_level_code_end
    five_level_code_end:
        """
    )
