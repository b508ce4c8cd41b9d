"""Enumeration: every function on every bus that can be reached from bus 0.

Function 0 tells whether a device has more than one (bit 7 of the header type). Buses behind bridges are visited once
each, however the bridges are configured, so a hostile or broken topology ends. A multifunction host bridge at 00:00
means one host bridge per function n, each with its bus n.
"""

from __future__ import annotations

from kernel.drivers.pci.configuration import ConfigurationAccess, PciAddress
from kernel.drivers.pci.decode import PciDevice, read_device, secondary_bus
from kernel.drivers.pci.registers import (
    CLASS_BRIDGE,
    DEVICES_PER_BUS,
    FUNCTIONS_PER_DEVICE,
    MAX_BUSES,
    SUBCLASS_HOST_BRIDGE,
)
from runtime.lang import Array, new_array, u8


def scan_buses(access: ConfigurationAccess) -> list[PciDevice]:
    """Return all functions, bus by bus in the order in which the buses were found."""
    found: list[PciDevice] = []
    is_known = new_array(u8, MAX_BUSES)
    waiting: list[int] = []
    for bus in _root_buses(access):
        _enqueue(bus, waiting, is_known)
    index = 0
    while index < len(waiting):
        for device in _scan_bus(access, waiting[index]):
            found.append(device)
            if device.is_pci_bridge:
                _enqueue(secondary_bus(access, device.address), waiting, is_known)
        index += 1
    return found


def _root_buses(access: ConfigurationAccess) -> list[int]:
    """Return the buses that hang on host bridges."""
    buses = [0]
    first = read_device(access, PciAddress(0, 0, 0))
    if first is not None and first.is_multifunction:
        for function in range(1, FUNCTIONS_PER_DEVICE):
            bridge = read_device(access, PciAddress(0, 0, function))
            if bridge is not None and bridge.class_code == CLASS_BRIDGE and bridge.subclass == SUBCLASS_HOST_BRIDGE:
                buses.append(function)
    return buses


def _enqueue(bus: int, waiting: list[int], is_known: Array[u8]) -> None:
    """Add a bus unless it was seen; a list of at most 256 entries results."""
    if is_known[bus] == 0:
        is_known[bus] = u8(1)
        waiting.append(bus)


def _scan_bus(access: ConfigurationAccess, bus: int) -> list[PciDevice]:
    """Return the functions of one bus."""
    found: list[PciDevice] = []
    for device_number in range(DEVICES_PER_BUS):
        first = read_device(access, PciAddress(bus, device_number, 0))
        if first is None:
            continue
        found.append(first)
        if first.is_multifunction:
            for function in range(1, FUNCTIONS_PER_DEVICE):
                other = read_device(access, PciAddress(bus, device_number, function))
                if other is not None:
                    found.append(other)
    return found
