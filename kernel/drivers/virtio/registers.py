"""virtio over PCI: identifiers, registers, status and feature bits.

Virtual I/O Device (VIRTIO) Version 1.2: §2.1 device status, §2.7 split virtqueues, §4.1 PCI transport with §4.1.4.8
for the legacy interface (0.9.5), §5.2 block device. All offsets and sizes are bytes.
"""

from __future__ import annotations

from typing import Final

VENDOR_VIRTIO: Final = 0x1AF4
DEVICE_LEGACY_FIRST: Final = 0x1000  # transitional devices: 0x1000 … 0x103F
DEVICE_LEGACY_BLOCK: Final = 0x1001
DEVICE_MODERN_BLOCK: Final = 0x1042  # 0x1040 + device type 2

# Device status (§2.1).
STATUS_RESET: Final = 0
STATUS_ACKNOWLEDGE: Final = 1
STATUS_DRIVER: Final = 2
STATUS_DRIVER_OK: Final = 4
STATUS_FEATURES_OK: Final = 8
STATUS_NEEDS_RESET: Final = 64
STATUS_FAILED: Final = 128

# Feature bits (§6).
FEATURE_VERSION_1: Final = 1 << 32
FEATURE_BLOCK_READ_ONLY: Final = 1 << 5
FEATURE_BLOCK_FLUSH: Final = 1 << 9

# Legacy registers in the I/O space of BAR 0 (§4.1.4.8).
LEGACY_DEVICE_FEATURES: Final = 0x00  # 32 bits
LEGACY_DRIVER_FEATURES: Final = 0x04  # 32 bits
LEGACY_QUEUE_ADDRESS: Final = 0x08  # 32 bits: physical address / 4096
LEGACY_QUEUE_SIZE: Final = 0x0C  # 16 bits
LEGACY_QUEUE_SELECT: Final = 0x0E  # 16 bits
LEGACY_QUEUE_NOTIFY: Final = 0x10  # 16 bits
LEGACY_STATUS: Final = 0x12  # 8 bits
LEGACY_INTERRUPT_STATUS: Final = 0x13  # 8 bits, reading acknowledges
LEGACY_DEVICE_CONFIGURATION: Final = 0x14  # without MSI-X
LEGACY_QUEUE_ALIGNMENT: Final = 4096

# virtio_pci_cap (§4.1.4): a vendor capability.
CAPABILITY_TYPE: Final = 3
CAPABILITY_BAR: Final = 4
CAPABILITY_OFFSET: Final = 8
CAPABILITY_LENGTH: Final = 12
CAPABILITY_NOTIFY_MULTIPLIER: Final = 16
CAPABILITY_COMMON: Final = 1
CAPABILITY_NOTIFY: Final = 2
CAPABILITY_INTERRUPT: Final = 3
CAPABILITY_DEVICE: Final = 4

# virtio_pci_common_cfg (§4.1.4.3).
COMMON_DEVICE_FEATURE_SELECT: Final = 0x00  # 32 bits
COMMON_DEVICE_FEATURE: Final = 0x04  # 32 bits
COMMON_DRIVER_FEATURE_SELECT: Final = 0x08  # 32 bits
COMMON_DRIVER_FEATURE: Final = 0x0C  # 32 bits
COMMON_QUEUE_COUNT: Final = 0x12  # 16 bits
COMMON_STATUS: Final = 0x14  # 8 bits
COMMON_GENERATION: Final = 0x15  # 8 bits
COMMON_QUEUE_SELECT: Final = 0x16  # 16 bits
COMMON_QUEUE_SIZE: Final = 0x18  # 16 bits
COMMON_QUEUE_ENABLE: Final = 0x1C  # 16 bits
COMMON_QUEUE_NOTIFY_OFFSET: Final = 0x1E  # 16 bits
COMMON_QUEUE_DESCRIPTORS: Final = 0x20  # 64 bits
COMMON_QUEUE_DRIVER: Final = 0x28  # 64 bits: the available ring
COMMON_QUEUE_DEVICE: Final = 0x30  # 64 bits: the used ring
COMMON_SIZE: Final = 0x38

# Block device (§5.2).
BLOCK_CAPACITY: Final = 0  # of the device configuration: 64 bits, in sectors of 512 bytes
BLOCK_SECTOR_SIZE: Final = 512  # the unit of every request, whatever the disk's own block size
BLOCK_REQUEST_IN: Final = 0
BLOCK_REQUEST_OUT: Final = 1
BLOCK_REQUEST_FLUSH: Final = 4
BLOCK_STATUS_OK: Final = 0
BLOCK_STATUS_ERROR: Final = 1
BLOCK_STATUS_UNSUPPORTED: Final = 2
BLOCK_HEADER_SIZE: Final = 16  # type, reserved, sector
