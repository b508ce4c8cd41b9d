"""PCI configuration space: offsets, bits and class codes.

PCI Local Bus Specification 3.0 chapter 6 (header type 0, capabilities), PCI-to-PCI Bridge Architecture 1.2 chapter 3
(header type 1), PCI Code and ID Assignment 1.11 (class codes). All offsets are bytes.
"""

from __future__ import annotations

from typing import Final

# Mechanism #1 (§3.2.2.3.2).
CONFIG_ADDRESS_PORT: Final = 0xCF8
CONFIG_DATA_PORT: Final = 0xCFC
CONFIG_ENABLE: Final = 1 << 31

# Common header (§6.1).
VENDOR_ID: Final = 0x00  # device ID in the upper half
COMMAND: Final = 0x04  # status in the upper half
REVISION: Final = 0x08  # programming interface, subclass, class above
HEADER_TYPE: Final = 0x0E
BASE_ADDRESS_0: Final = 0x10
BUS_NUMBERS: Final = 0x18  # header type 1: primary, secondary, subordinate bus, latency timer
SUBSYSTEM: Final = 0x2C
CAPABILITIES: Final = 0x34
INTERRUPT: Final = 0x3C  # line, pin above

NO_DEVICE: Final = 0xFFFF  # vendor ID where nothing answers

COMMAND_IO: Final = 1 << 0
COMMAND_MEMORY: Final = 1 << 1
COMMAND_MASTER: Final = 1 << 2
COMMAND_INTERRUPT_DISABLE: Final = 1 << 10
STATUS_CAPABILITIES: Final = 1 << 4  # of the status half

MULTIFUNCTION: Final = 0x80  # of the header type
HEADER_LAYOUT_MASK: Final = 0x7F
HEADER_DEVICE: Final = 0
HEADER_BRIDGE: Final = 1
DEVICE_BARS: Final = 6
BRIDGE_BARS: Final = 2

BAR_IO: Final = 1 << 0
BAR_IO_MASK: Final = 0xFFFFFFFC
BAR_MEMORY_MASK: Final = 0xFFFFFFF0
BAR_TYPE_MASK: Final = 0x06
BAR_TYPE_64: Final = 0x04
BAR_PREFETCHABLE: Final = 1 << 3

FIRST_CAPABILITY: Final = 0x40
CAPABILITY_VENDOR: Final = 0x09
CAPABILITY_MSI: Final = 0x05
CAPABILITY_MSIX: Final = 0x11
CAPABILITY_PCI_EXPRESS: Final = 0x10

CLASS_BRIDGE: Final = 0x06
SUBCLASS_HOST_BRIDGE: Final = 0x00
SUBCLASS_PCI_BRIDGE: Final = 0x04

MAX_BUSES: Final = 256
DEVICES_PER_BUS: Final = 32
FUNCTIONS_PER_DEVICE: Final = 8

# (class << 8 | subclass, name); the classes themselves follow in CLASS_NAMES.
SUBCLASS_NAMES: Final[tuple[tuple[int, str], ...]] = (
    (0x0100, "SCSI controller"),
    (0x0101, "IDE controller"),
    (0x0105, "ATA controller"),
    (0x0106, "SATA controller"),
    (0x0108, "NVMe controller"),
    (0x0200, "Ethernet controller"),
    (0x0280, "network controller"),
    (0x0300, "VGA controller"),
    (0x0302, "3D controller"),
    (0x0380, "display controller"),
    (0x0401, "audio controller"),
    (0x0403, "HD audio controller"),
    (0x0500, "RAM controller"),
    (0x0600, "host bridge"),
    (0x0601, "ISA bridge"),
    (0x0604, "PCI bridge"),
    (0x0680, "bridge"),
    (0x0700, "serial controller"),
    (0x0703, "modem"),
    (0x0780, "communication controller"),
    (0x0800, "interrupt controller"),
    (0x0801, "DMA controller"),
    (0x0805, "SD host controller"),
    (0x0880, "system peripheral"),
    (0x0900, "keyboard controller"),
    (0x0C03, "USB controller"),
    (0x0C05, "SMBus"),
    (0x1005, "random number generator"),
)

CLASS_NAMES: Final[tuple[str, ...]] = (
    "unclassified device",
    "storage controller",
    "network controller",
    "display controller",
    "multimedia device",
    "memory controller",
    "bridge",
    "communication controller",
    "system peripheral",
    "input device",
    "docking station",
    "processor",
    "serial bus controller",
    "wireless controller",
    "intelligent controller",
    "satellite controller",
    "encryption controller",
    "signal processing controller",
    "accelerator",
)
