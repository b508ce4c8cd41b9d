"""The kernel's story, from the first instruction in the higher half to the prompt.

`kernel_main` is where `boot/entry.py` jumps to. It brings the parts up in the order of what they stand on, one function
each, and ends in the monitor. What cannot be done without (processor, memory) panics when it fails; what can (clock,
screen, power, disk, file system) says so in one line, and the boot goes on.

Wiring lives here and nowhere else: which driver feeds the console, which disk the file system stands on, which hooks
are whose.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NoReturn

from kernel.block.partitions import open_system_partition
from kernel.boot import entry as entry
from kernel.boot.boot_info import BOOT_INFO
from kernel.boot.settle import settle_memory, settle_processor
from kernel.config import KERNEL_NAME, KERNEL_VERSION
from kernel.console.console import CONSOLE, poll_on_tick
from kernel.console.framebuffer_painter import FramebufferPainter, PixelGeometry, PixelOrder
from kernel.console.screen_console import ScreenConsole, ScreenLog
from kernel.debug import log, stages
from kernel.debug.panic import panic
from kernel.debug.stages import Stage
from kernel.drivers.acpi import power as acpi_power
from kernel.drivers.framebuffer import open_framebuffer
from kernel.drivers.keyboard_8042 import KEYBOARD
from kernel.drivers.pci.ports import PortConfiguration
from kernel.drivers.pci.scan import scan_buses
from kernel.drivers.uart_16550 import UART
from kernel.drivers.virtio.block import VirtioBlock
from kernel.drivers.virtio.probe import is_block_device, open_transport
from kernel.fs.fat.volume import mount
from kernel.lib.text import plural, size_text
from kernel.mm.physical_memory import total_frames
from kernel.monitor.machine import MACHINE
from kernel.monitor.monitor import run_monitor
from kernel.proc import faults
from kernel.syscalls import dispatch
from kernel.time import clock
from kernel.time.timer_hooks import register_tick
from runtime.core.exceptions import BaseException_
from runtime.core.tracebacks import print_traceback
from runtime.lang import enable_interrupts, export, no_raise


class Initialiser:
    """A step of the boot: what it is called when it fails, and what it does."""

    name: str
    run: Callable[[], None]

    def __init__(self, name: str, run: Callable[[], None]) -> None:
        self.name = name
        self.run = run


@export("kernel_main")
@no_raise
def kernel_main() -> NoReturn:
    """Interrupts are off, the stack is the boot's, and nothing else is up."""
    try:
        bring_up()
        run_monitor()
    except BaseException as error:
        if isinstance(error, BaseException_):
            print_traceback(error)
        panic("the boot, or the monitor, ended by an exception")


def bring_up() -> None:
    """Everything, in order."""
    settle_processor()
    settle_memory()
    for step in STEPS:
        take_step(step)
    enable_interrupts()
    stages.reached(Stage.PROMPT)
    stages.report(clock.ticks_per_microsecond())


def take_step(step: Initialiser) -> None:
    """A step that fails costs its device, not the boot."""
    try:
        run = step.run
        run()
    except MemoryError:
        log.write(step.name)
        log.line(": out of memory")
    except OSError as error:
        log.line(f"{step.name}: {error.strerror}")


# ------------------------------------------------------------------------------------------------- clock and console


def start_clock() -> None:
    clock.initialise()
    stages.reached(Stage.CLOCK_READY)


def start_screen() -> None:
    """The log so far appears on it at once."""
    framebuffer = open_framebuffer()
    if framebuffer is None:
        log.line("screen: none")
        return
    order = PixelOrder.BLUE_GREEN_RED if framebuffer.blue_first else PixelOrder.RED_GREEN_BLUE
    geometry = PixelGeometry(framebuffer.width, framebuffer.height, framebuffer.pixels_per_row, order)
    screen = ScreenConsole(FramebufferPainter(framebuffer.pixels, geometry), clock.CLOCK)
    log.register_screen(ScreenLog(screen))
    CONSOLE.screen = screen


def start_console() -> None:
    """Serial in and out; what is typed from now on is kept."""
    CONSOLE.serial = UART
    register_tick(poll_on_tick)
    # Bold: the first line of the screen.
    title = f"\x1b[1m{KERNEL_NAME} {KERNEL_VERSION}\x1b[0m"
    log.line(f"{title}: {size_text(total_frames() * 4096)} of memory")


# ------------------------------------------------------------------------------------------------- devices


def start_power() -> None:
    """ACPI: power-off, reset, and whether there may be a keyboard controller."""
    may_have_keyboard = True
    try:
        fixed = acpi_power.initialise(BOOT_INFO.acpi_root)
        may_have_keyboard = fixed.may_have_8042
    finally:
        KEYBOARD.detect(may_have_keyboard)
        if KEYBOARD.is_present():
            CONSOLE.keyboard = KEYBOARD


def find_devices() -> None:
    MACHINE.pci_devices = scan_buses(PortConfiguration())
    log.line(f"PCI: {plural(len(MACHINE.pci_devices), 'function')}")
    stages.reached(Stage.DEVICES_READY)


def start_disk() -> None:
    """The first virtio disk, by whichever transport it has."""
    for device in MACHINE.pci_devices:
        if is_block_device(device):
            log.write("Initializing virtio-blk... ")
            disk = VirtioBlock(open_transport(PortConfiguration(), device), clock.CLOCK)
            MACHINE.disk = disk
            size = size_text(disk.sector_count * disk.sector_size)
            log.line(f"OK ({disk.sector_count} sectors, {size})")
            return
    log.line("disk: no virtio disk")


def mount_volume() -> None:
    """The EFI system partition is the root tree."""
    disk = MACHINE.disk
    if disk is not None:
        MACHINE.volume = mount(open_system_partition(disk))
        stages.reached(Stage.DISK_READY)


# ------------------------------------------------------------------------------------------------- programs


def start_programs() -> None:
    """Faults and system calls are served from here on."""
    faults.initialise()
    dispatch.initialise()


STEPS: Final[list[Initialiser]] = [
    Initialiser("clock", start_clock),  # the screen and the disk measure time
    Initialiser("screen", start_screen),  # shows everything logged so far
    Initialiser("console", start_console),  # from here on, input is kept
    Initialiser("ACPI", start_power),  # says whether there is a keyboard
    Initialiser("PCI", find_devices),
    Initialiser("disk", start_disk),  # a PCI function
    Initialiser("file system", mount_volume),  # on the disk
    Initialiser("programs", start_programs),  # need all of the above
]
