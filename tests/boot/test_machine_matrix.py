"""The same disk on many machines: memory sizes, processors, chipsets, firmware, transports, no screen."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.boot.guest import COUNT_LINE, Guest, assert_nothing_lost, running_guest
from tests.machine.qemu import DiskTransport, MachineKind

pytestmark = pytest.mark.machine

GIBIBYTE = 1 << 30
# Seconds from the first serial byte to the prompt; the kernel itself measures a tenth of it.
BUDGET_SECONDS = 1.5


def leave(words: list[str]) -> list[str]:
    return words


def without_screen(words: list[str]) -> list[str]:
    place = words.index("-vga")
    return [*words[:place], "-vga", "none", *words[place + 2 :]]


def with_memory_unreserved(size: str) -> Callable[[list[str]], list[str]]:
    """More memory than the host has: nobody touches most of it."""

    def edit(words: list[str]) -> list[str]:
        machine = words.index("-machine") + 1
        words = [*words]
        words[machine] += ",memory-backend=ram"
        return [*words, "-object", f"memory-backend-ram,id=ram,size={size},reserve=off"]

    return edit


@dataclass(frozen=True, slots=True)
class Machine:
    """A row of the matrix; `frames` are bounds for the total that `mem` shows, in MiB."""

    options: dict[str, Any] = field(default_factory=dict)
    edit: Callable[[list[str]], list[str]] = leave
    memory: tuple[int, int] = (230, 256)


MACHINES = {
    "64M": Machine({"memory": "64M"}, memory=(40, 64)),
    "6G": Machine({"memory": "6G"}, memory=(6000, 6144)),
    "18G": Machine({"memory": "18G"}, with_memory_unreserved("18G"), memory=(18200, 18432)),
    "64G": Machine({"memory": "64G"}, with_memory_unreserved("64G"), memory=(65300, 65536)),
    "pc, qemu64": Machine({"machine": MachineKind.PC, "cpu": "qemu64"}),
    "q35, qemu64, legacy disk": Machine({"cpu": "qemu64", "disk_transport": DiskTransport.LEGACY}),
    "pc, modern disk": Machine({"machine": MachineKind.PC, "disk_transport": DiskTransport.MODERN}),
    "secure boot build": Machine({"secure_boot_firmware": True}, memory=(210, 256)),
    "five-level paging": Machine({"cpu": "max,la57=on"}),
    "plain processor": Machine({"cpu": "max,-smap,-smep,-umip,-pdpe1gb,-x2apic,-pge,-invtsc"}),
    "four processors": Machine({"more": ("-smp", "4")}),
    "no screen": Machine({}, without_screen),
}


@pytest.mark.parametrize("name", MACHINES)
def test_it_boots_and_passes_its_selftest(crowded_disk: Path, name: str) -> None:
    machine = MACHINES[name]
    if name in ("18G", "64G") and os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") < 4 * GIBIBYTE:
        pytest.skip("the tables of so much memory need more than this host has")
    with running_guest(crowded_disk, machine.edit, **machine.options) as guest:
        check_machine(guest, machine)
        stages = guest.stages()
        assert stages["prompt"][1] < BUDGET_SECONDS
        print(f"{name}: prompt after {stages['prompt'][1]:.3f} s, with the firmware {guest.seconds_to_prompt:.1f} s")


def check_machine(guest: Guest, machine: Machine) -> None:
    """The same commands everywhere."""
    assert guest.lines("selftest")[-1] == "=== SELFTEST END: 6/6 PASSED ==="
    for command in ("run /bin/hello", "run /bin/allocate"):
        result = guest.run(command)
        assert result.status == 0
        assert_nothing_lost(result)
    assert guest.run("run /bin/probe fault read-kernel-image").status == 139
    assert guest.lines("run /bin/probe registers")[5:9] == [
        "changed by syscall: 0",
        "changed by int 0x80: 0",
        "changed by syscall with odd flags: 0",
        "changed by int 0x80 with odd flags: 0",
    ]
    found = COUNT_LINE.fullmatch(guest.lines("mem")[0])
    assert found is not None
    assert machine.memory[0] <= int(found[1]) // 256 <= machine.memory[1]
