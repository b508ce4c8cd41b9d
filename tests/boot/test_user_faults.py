"""What a program must not do ends it with one line, gives its frames back, and leaves the kernel as it was."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.boot.conftest import SOURCES
from tests.boot.guest import Guest, assert_nothing_lost, program_output

pytestmark = pytest.mark.machine

PAGE_FAULT_LINE = re.compile(
    r"Page fault in user mode! (?P<access>read|write|instruction fetch) of (?P<address>0x[0-9a-f]+) at rip "
    r"(?P<rip>0x[0-9a-f]+): (?P<reason>the page is not mapped|the page's protection forbids it) "
    r"\(error code (?P<code>0x[0-9a-f]+)\)"
)
OTHER_FAULT_LINE = re.compile(
    r"Fault in user mode! (?P<name>[a-zA-Z ]+) at rip (?P<rip>0x[0-9a-f]+) \(error code 0x[0-9a-f]+\)"
)
ABSENT, FORBIDDEN = "the page is not mapped", "the page's protection forbids it"
READ, WRITE, FETCH = "read", "write", "instruction fetch"

# Name → access, address where it is known, reason. The processor, not the kernel, says which.
PAGE_FAULTS = {
    "read-null": (READ, 0x0, ABSENT),
    "write-null": (WRITE, 0x8, ABSENT),
    "execute-null": (FETCH, 0x0, ABSENT),
    "read-first-64k": (READ, 0xFFF0, ABSENT),
    "read-unmapped": (READ, 0x10000000000, ABSENT),
    "write-unmapped": (WRITE, 0x10000000000, ABSENT),
    "execute-unmapped": (FETCH, 0x10000000000, ABSENT),
    "read-kernel-image": (READ, 0xFFFFFFFF80000000, FORBIDDEN),
    "write-kernel-image": (WRITE, 0xFFFFFFFF80001000, FORBIDDEN),
    "execute-kernel-image": (FETCH, 0xFFFFFFFF80001000, FORBIDDEN),
    "read-direct-map": (READ, 0xFFFF800000100000, FORBIDDEN),
    "write-direct-map": (WRITE, 0xFFFF800000100000, FORBIDDEN),
    "read-kernel-stack": (READ, 0xFFFFC00000000000, None),
    "read-last-page": (READ, 0x7FFFFFFFF000, ABSENT),
    "read-last-word": (READ, 0xFFFFFFFFFFFFFFF8, ABSENT),
    "write-text": (WRITE, None, FORBIDDEN),
    "write-constant": (WRITE, None, FORBIDDEN),
    "execute-data": (FETCH, None, FORBIDDEN),
    "execute-stack": (FETCH, None, FORBIDDEN),
    "execute-mapping": (FETCH, None, FORBIDDEN),
    "write-read-only-mapping": (WRITE, None, FORBIDDEN),
    "read-inaccessible-mapping": (READ, None, ABSENT),
    "read-after-munmap": (READ, None, ABSENT),
    "read-above-break": (READ, None, ABSENT),
    "stack-overflow": (WRITE, None, ABSENT),
    "below-stack": (READ, 0x7FFFFFFFF000 - 8 * 1024 * 1024 - 8, ABSENT),
}
PROTECTION = "general protection fault"
OTHER_FAULTS = {
    "read-non-canonical": PROTECTION,
    "write-non-canonical": PROTECTION,
    "jump-non-canonical": PROTECTION,
    "hlt": PROTECTION,
    "cli": PROTECTION,
    "sti": PROTECTION,
    "in": PROTECTION,
    "out": PROTECTION,
    "insb": PROTECTION,
    "lgdt": PROTECTION,
    "lidt": PROTECTION,
    "ltr": PROTECTION,
    "rdmsr": PROTECTION,
    "wrmsr": PROTECTION,
    "read-cr0": PROTECTION,
    "write-cr3": PROTECTION,
    "write-cr4": PROTECTION,
    "write-dr7": PROTECTION,
    "clts": PROTECTION,
    "invlpg": PROTECTION,
    "invd": PROTECTION,
    "swapgs": PROTECTION,
    "sysret": PROTECTION,
    "load-kernel-segment": PROTECTION,
    "divide": "division error",
    "divide-overflow": "division error",
    "breakpoint": "breakpoint",
    "int-breakpoint": "breakpoint",
    "int-debug": PROTECTION,
    "int-overflow": PROTECTION,
    "int-double-fault": PROTECTION,
    "int-page-fault": PROTECTION,
    "int-timer": PROTECTION,
    "int-last": PROTECTION,
    "invalid-opcode": "invalid opcode",
    "single-step": "debug trap",
    "single-step-into-call": "debug trap",
}

# QEMU's emulation reports other exceptions than a processor for these: it reads the stack with the kernel's rights,
# has no stack fault for a bad address, and knows icebp or not by version. That the program ends is the same.
EMULATED_OTHERWISE = ("iret-to-kernel", "far-return-to-kernel", "push-non-canonical", "icebp")


def fault_lines(guest: Guest, probe: Path, name: str) -> list[str]:
    """What the kernel says; Linux, given the same file, says by its signal what the status must be."""
    judge = subprocess.run([str(probe), "fault", name], check=False)
    assert judge.returncode < 0, "Linux let the program go on"
    result = guest.run(f"run /bin/probe fault {name}")
    assert result.status == 128 - judge.returncode, result.lines
    assert_nothing_lost(result)
    return program_output(result)


@pytest.mark.parametrize("name", PAGE_FAULTS)
def test_bad_accesses_end_the_program(guest: Guest, probe_program: Path, name: str) -> None:
    access, address, reason = PAGE_FAULTS[name]
    (line,) = fault_lines(guest, probe_program, name)
    found = PAGE_FAULT_LINE.fullmatch(line)
    assert found is not None, line
    assert found["access"] == access
    assert address is None or int(found["address"], 16) == address
    assert reason is None or found["reason"] == reason
    # Bit 2 of the error code is user mode, bit 1 a write, bit 4 a fetch (Intel SDM volume 3, 4.7).
    code = int(found["code"], 16)
    assert code & 4
    assert bool(code & 2) == (access == WRITE)
    assert bool(code & 16) == (access == FETCH)
    assert int(found["rip"], 16) == int(found["address"], 16) or 0x400000 <= int(found["rip"], 16) < 0x500000


@pytest.mark.parametrize("name", OTHER_FAULTS)
def test_what_only_the_kernel_may_do_ends_the_program(guest: Guest, probe_program: Path, name: str) -> None:
    (line,) = fault_lines(guest, probe_program, name)
    found = OTHER_FAULT_LINE.fullmatch(line)
    assert found is not None, line
    assert found["name"] == OTHER_FAULTS[name]


@pytest.mark.parametrize("name", EMULATED_OTHERWISE)
def test_ways_into_the_kernel_end_the_program(guest: Guest, name: str) -> None:
    result = guest.run(f"run /bin/probe fault {name}")
    assert result.status > 128
    (line,) = program_output(result)
    assert "ault in user mode! " in line
    assert_nothing_lost(result)


def test_every_fault_of_the_probe_has_its_row() -> None:
    named = set(re.findall(r'FAULT\("([^"]+)"', (SOURCES / "probe.c").read_text()))
    assert named == {*PAGE_FAULTS, *OTHER_FAULTS, *EMULATED_OTHERWISE}


def test_the_kernel_is_as_before(guest: Guest) -> None:
    assert guest.lines("selftest")[-1] == "=== SELFTEST END: 6/6 PASSED ==="
    assert "Hello, world!" in guest.lines("run /bin/hello")
