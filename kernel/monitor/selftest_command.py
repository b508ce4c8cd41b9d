"""selftest: the kernel's checks of itself, in the form that machines read.

=== SELFTEST START ===
[PASS] memory_allocator
...
=== SELFTEST END: 6/6 PASSED ===
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from kernel.console import console
from kernel.monitor.command import STATUS_FAILED, STATUS_FINE
from kernel.monitor.machine import require_disk, require_volume
from kernel.selftest import checks
from runtime.lang import embedded_file


class Check(IntEnum):
    """In the order in which they run."""

    MEMORY_ALLOCATOR = 0
    PAGING = 1
    VIRTIO_BLK = 2
    FAT16 = 3
    ELF_LOADER = 4
    USER_ISOLATION = 5


CHECKS: Final[tuple[Check, ...]] = (
    Check.MEMORY_ALLOCATOR,
    Check.PAGING,
    Check.VIRTIO_BLK,
    Check.FAT16,
    Check.ELF_LOADER,
    Check.USER_ISOLATION,
)


def selftest(words: list[str]) -> int:
    """Run all checks; one that fails does not keep the others from running."""
    console.line("=== SELFTEST START ===")
    passed = 0
    for check in CHECKS:
        reason = reason_of_failure(check)
        if len(reason) == 0:
            passed += 1
            console.line(f"[PASS] {check.name.lower()}")
        else:
            console.line(f"[FAIL] {check.name.lower()}: {reason}")
    verdict = "PASSED" if passed == len(CHECKS) else "FAILED"
    console.line(f"=== SELFTEST END: {passed}/{len(CHECKS)} {verdict} ===")
    return STATUS_FINE if passed == len(CHECKS) else STATUS_FAILED


def reason_of_failure(check: Check) -> str:
    """Run a check; "" when it passes."""
    try:
        run_check(check)
    except Exception as error:
        reason = str(error)
        return reason if len(reason) > 0 else "an exception"
    return ""


def run_check(check: Check) -> None:
    match check:
        case Check.MEMORY_ALLOCATOR:
            checks.check_memory_allocator()
        case Check.PAGING:
            checks.check_paging()
        case Check.VIRTIO_BLK:
            checks.check_disk(require_disk())
        case Check.FAT16:
            checks.check_file_system(require_volume())
        case Check.ELF_LOADER:
            checks.check_elf_loader(embedded_file("hello"))
        case Check.USER_ISOLATION:
            checks.check_user_isolation()
