"""mem, lspci, uptime, stages, halt, reboot, poweroff, exit: the machine itself."""

from __future__ import annotations

from kernel.arch.x86_64 import power
from kernel.console import console
from kernel.console.console import CONSOLE
from kernel.debug import stages
from kernel.drivers.debug_exit import leave_emulator
from kernel.lib.text import parse_number
from kernel.mm.kernel_heap import HEAP
from kernel.monitor.command import STATUS_FINE, complain, reject_usage
from kernel.monitor.frame_count import show_frames
from kernel.monitor.machine import MACHINE
from kernel.time import clock
from kernel.time.instant import seconds_text


def mem(words: list[str]) -> int:
    """The frame count; with -v also what the heap holds."""
    show_frames()
    if len(words) > 1 and words[1] == "-v":
        console.line(f"Heap: {HEAP.live_objects} objects, {HEAP.live_bytes} bytes")
        console.line(f"Heap frames: {HEAP.slab_frames} for small objects, {HEAP.large_frames} for large ones")
    return STATUS_FINE


def lspci(words: list[str]) -> int:
    """One line per function: place, vendor:device, class, name."""
    for device in MACHINE.pci_devices:
        identity = f"{device.vendor_id:04x}:{device.device_id:04x}"
        kind = f"{device.class_code:02x}{device.subclass:02x}"
        console.line(f"{device.address} {identity} class {kind} {device.class_name}")
    return STATUS_FINE


def uptime(words: list[str]) -> int:
    """Time since the clock was started."""
    console.line(f"up {seconds_text(clock.CLOCK.nanoseconds())} s, {clock.ticks()} ticks")
    return STATUS_FINE


def show_stages(words: list[str]) -> int:
    """When the boot reached what."""
    stages.report(clock.ticks_per_microsecond())
    return STATUS_FINE


def halt(words: list[str]) -> int:
    """cli; hlt for good."""
    console.line("The machine is halted.")
    CONSOLE.flush()
    power.halt_forever()


def reboot(words: list[str]) -> int:
    """Restart the machine."""
    CONSOLE.flush()
    power.reset()


def poweroff(words: list[str]) -> int:
    """Switch the machine off."""
    CONSOLE.flush()
    power.power_off()
    return complain("poweroff", "the machine does not obey; it can be switched off by hand")


def leave(words: list[str]) -> int:
    """End the emulator through its debug-exit port, with a value for the test that waits for it."""
    value: int | None = 0
    if len(words) > 1:
        value = parse_number(words[1])
    if value is None or value > 127:
        return reject_usage("exit [0 ... 127]")
    leave_emulator(value)
    return complain("exit", "there is no debug-exit device")
