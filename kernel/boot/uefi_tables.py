"""The UEFI structures that the boot reads and the services it calls; nothing that is not used. UEFI 2.10.

Layouts are those of 64-bit firmware; services that are not called are padding. Function types carry the Microsoft x64
convention (2.3.4). GUIDs are written as two little-endian words of their memory image (appendix A).
"""

from __future__ import annotations

from typing import Final, Protocol

from runtime.lang import FunctionPointer, Ptr, microsoft_x64, padding, struct, u8, u16, u32, u64

SUCCESS: Final[u64] = 0
LOAD_ERROR: Final[u64] = 0x8000_0000_0000_0001
BUFFER_TOO_SMALL: Final[u64] = 0x8000_0000_0000_0005
OUT_OF_RESOURCES: Final[u64] = 0x8000_0000_0000_0009

# EFI_ALLOCATE_TYPE (7.2.1).
ALLOCATE_ANY_PAGES: Final = 0
ALLOCATE_BELOW: Final = 1
# EFI_MEMORY_TYPE (7.2.1, table 7-6): what the boot allocates for itself.
LOADER_CODE: Final = 1
LOADER_DATA: Final = 2

# EFI_GRAPHICS_PIXEL_FORMAT (12.9.2).
PIXELS_RED_FIRST: Final = 0
PIXELS_BLUE_FIRST: Final = 1
PIXELS_BY_MASK: Final = 2

# EFI_GRAPHICS_OUTPUT_PROTOCOL 9042a9de-23dc-4a38-96fb-7aded080516a (12.9.2)
GRAPHICS_OUTPUT_LOW: Final[u64] = 0x4A38_23DC_9042_A9DE
GRAPHICS_OUTPUT_HIGH: Final[u64] = 0x6A51_80D0_DE7A_FB96
# EFI_LOADED_IMAGE_PROTOCOL 5b1b31a1-9562-11d2-8e3f-00a0c969723b (9.1)
LOADED_IMAGE_LOW: Final[u64] = 0x11D2_9562_5B1B_31A1
LOADED_IMAGE_HIGH: Final[u64] = 0x3B72_69C9_A000_3F8E
# EFI_ACPI_20_TABLE 8868e871-e4f1-11d3-bc22-0080c73c8881, ACPI_TABLE eb9d2d30-2d88-11d3-9a16-0090273fc14d (4.6.1)
ACPI_2_LOW: Final[u64] = 0x11D3_E4F1_8868_E871
ACPI_2_HIGH: Final[u64] = 0x8188_3CC7_8000_22BC
ACPI_1_LOW: Final[u64] = 0x11D3_2D88_EB9D_2D30
ACPI_1_HIGH: Final[u64] = 0x4DC1_3F27_9000_169A


class AllocatePages(FunctionPointer, Protocol):
    """7.2.1"""

    @microsoft_x64
    def __call__(self, kind: u32, memory_type: u32, pages: u64, address: Ptr[u64]) -> u64: ...


class GetMemoryMap(FunctionPointer, Protocol):
    """7.2.3"""

    @microsoft_x64
    def __call__(
        self, size: Ptr[u64], map: Ptr[u8], key: Ptr[u64], descriptor_size: Ptr[u64], version: Ptr[u64]
    ) -> u64: ...


class HandleProtocol(FunctionPointer, Protocol):
    """7.3.7"""

    @microsoft_x64
    def __call__(self, handle: Ptr[u8], guid: Ptr[u64], interface: Ptr[u64]) -> u64: ...


class LocateProtocol(FunctionPointer, Protocol):
    """7.3.16"""

    @microsoft_x64
    def __call__(self, guid: Ptr[u64], registration: u64, interface: Ptr[u64]) -> u64: ...


class ExitBootServices(FunctionPointer, Protocol):
    """7.4.6"""

    @microsoft_x64
    def __call__(self, image: Ptr[u8], key: u64) -> u64: ...


class SetWatchdogTimer(FunctionPointer, Protocol):
    """7.5.1"""

    @microsoft_x64
    def __call__(self, seconds: u64, code: u64, data_size: u64, data: u64) -> u64: ...


@struct
class BootServices:
    """EFI_BOOT_SERVICES (4.4.1); offsets in the padding's comments."""

    header_and_priorities: u8 = padding(40)
    allocate_pages: AllocatePages  # 40
    free_pages: u64
    get_memory_map: GetMemoryMap  # 56
    pools_events_interfaces: u8 = padding(88)
    handle_protocol: HandleProtocol  # 152
    notifications_and_images: u8 = padding(72)
    exit_boot_services: ExitBootServices  # 232
    counters: u8 = padding(16)
    set_watchdog_timer: SetWatchdogTimer  # 256
    drivers_and_handles: u8 = padding(56)
    locate_protocol: LocateProtocol  # 320


@struct
class SystemTable:
    """EFI_SYSTEM_TABLE (4.3.1)."""

    header_and_vendor: u8 = padding(96)
    boot_services: Ptr[BootServices]  # 96
    table_count: u64
    tables: Ptr[ConfigurationTable]  # 112


@struct
class ConfigurationTable:
    """EFI_CONFIGURATION_TABLE (4.6)."""

    guid_low: u64
    guid_high: u64
    table: u64


@struct
class MemoryDescriptor:
    """EFI_MEMORY_DESCRIPTOR (7.2.3); firmware's are longer, so they are walked by their stated size."""

    kind: u32
    reserved: u32
    physical_start: u64
    virtual_start: u64
    page_count: u64
    attribute: u64


@struct
class LoadedImage:
    """EFI_LOADED_IMAGE_PROTOCOL (9.1.1)."""

    handles: u8 = padding(48)
    load_options_size: u32  # 48
    reserved: u32
    load_options: Ptr[u16]  # 56
    image_base: u64
    image_size: u64


@struct
class GraphicsOutput:
    """EFI_GRAPHICS_OUTPUT_PROTOCOL (12.9.2)."""

    functions: u8 = padding(24)
    mode: Ptr[GraphicsMode]  # 24


@struct
class GraphicsMode:
    """EFI_GRAPHICS_OUTPUT_PROTOCOL_MODE (12.9.2)."""

    mode_count: u32
    current: u32
    information: Ptr[GraphicsInformation]
    information_size: u64
    framebuffer: u64
    framebuffer_size: u64


@struct
class GraphicsInformation:
    """EFI_GRAPHICS_OUTPUT_MODE_INFORMATION (12.9.2)."""

    version: u32
    width: u32
    height: u32
    pixel_format: u32
    red_mask: u32
    green_mask: u32
    blue_mask: u32
    reserved_mask: u32
    pixels_per_line: u32
