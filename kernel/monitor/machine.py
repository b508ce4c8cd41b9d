"""The devices that the commands show and use. Owner: main fills it at boot; read-only afterwards.

ENODEV when a command needs a disk or a volume and there is none.
"""

from __future__ import annotations

from kernel.drivers.pci.decode import PciDevice
from kernel.fs.fat.volume import Volume
from kernel.interfaces.block_device import BlockDevice
from runtime.abi.error_numbers import ENODEV


class Machine:
    """What was found."""

    def __init__(self) -> None:
        self.pci_devices: list[PciDevice] = []
        self.disk: BlockDevice | None = None
        self.volume: Volume | None = None


MACHINE = Machine()


def require_disk() -> BlockDevice:
    disk = MACHINE.disk
    if disk is None:
        raise OSError(ENODEV, "no disk")
    return disk


def require_volume() -> Volume:
    volume = MACHINE.volume
    if volume is None:
        raise OSError(ENODEV, "no file system is mounted")
    return volume
