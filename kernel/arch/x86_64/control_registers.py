"""CR0, CR4, EFER and the page attribute table, written whole and explicitly on every CPU.

Intel SDM volume 3, 2.5 and 12.12.

Firmware leaves these registers in states that differ from machine to machine (write protection off, NX off), so
nothing is inherited: each CPU gets exactly the bits below. Precondition: our own page tables are active (some
firmware tables do not survive CR0.WP), and EFER.NXE is already on because those tables use it.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64 import msr
from kernel.arch.x86_64.cpu import FEATURES
from runtime.lang import read_msr, u64, write_cr0, write_cr4, write_msr

CR0_PROTECTED_MODE: Final = 1 << 0
CR0_MONITOR_COPROCESSOR: Final = 1 << 1
CR0_EXTENSION_TYPE: Final = 1 << 4
CR0_NUMERIC_ERROR: Final = 1 << 5
CR0_WRITE_PROTECT: Final = 1 << 16
CR0_ALIGNMENT_MASK: Final = 1 << 18
CR0_PAGING: Final = 1 << 31

CR4_PHYSICAL_ADDRESS_EXTENSION: Final = 1 << 5
CR4_MACHINE_CHECK: Final = 1 << 6
CR4_GLOBAL_PAGES: Final = 1 << 7
CR4_FXSAVE: Final = 1 << 9
CR4_SIMD_EXCEPTIONS: Final = 1 << 10
CR4_UMIP: Final = 1 << 11
CR4_FIVE_LEVELS: Final = 1 << 12
CR4_SMEP: Final = 1 << 20
CR4_SMAP: Final = 1 << 21

# Entry i of the page attribute table is picked by the bits PAT:PCD:PWT of a page. Only PCD and PWT are used here,
# because the PAT bit moves between page sizes: 0 write-back (6), 1 write-combining (1), 2 uncached- (7), 3 uncached
# (0).
PAGE_ATTRIBUTE_TABLE: Final[u64] = 0x0007_0106_0007_0106


def initialise_control_registers() -> None:
    """Bring this CPU into the state that the whole kernel relies on."""
    enable_no_execute()
    write_msr(msr.PAT, PAGE_ATTRIBUTE_TABLE)
    # Emulation and task-switched are off: programs use the FPU freely, the kernel is compiled without it.
    write_cr0(
        CR0_PROTECTED_MODE
        | CR0_MONITOR_COPROCESSOR
        | CR0_EXTENSION_TYPE
        | CR0_NUMERIC_ERROR
        | CR0_WRITE_PROTECT
        | CR0_ALIGNMENT_MASK
        | CR0_PAGING
    )
    write_cr4(control_register_4())


def control_register_4() -> u64:
    bits: u64 = CR4_PHYSICAL_ADDRESS_EXTENSION | CR4_MACHINE_CHECK | CR4_GLOBAL_PAGES
    bits |= CR4_FXSAVE | CR4_SIMD_EXCEPTIONS
    if FEATURES.umip:
        bits |= CR4_UMIP
    if FEATURES.smep:
        bits |= CR4_SMEP
    if FEATURES.smap:
        bits |= CR4_SMAP
    return bits


def enable_no_execute() -> None:
    """Allow the NX bit in page tables and the syscall instruction.

    Harmless under firmware tables, needed before ours.
    """
    write_msr(msr.EFER, read_msr(msr.EFER) | msr.EFER_NO_EXECUTE | msr.EFER_SYSCALL)
