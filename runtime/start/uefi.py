"""Entry of a UEFI application: from the firmware's call to its status.

The firmware calls ``efi_main(image_handle, system_table)`` with the Microsoft x64 convention on a stack of its own
(UEFI 2.10, 2.3.4 and 4.1). Text goes to the console's ``OutputString`` as UTF-16 in pieces, memory comes in pages from
``AllocatePages``. The status tells the caller what an exit status tells a parent: zero is ``EFI_SUCCESS``, any other
number that number as a warning-free error code.

Contract: boot services stay in charge; owns the symbols that the core leaves to the platform.
"""

from __future__ import annotations

from typing import Final, NoReturn, Protocol

from runtime.core import memory as memory
from runtime.core import memory_blocks as memory_blocks
from runtime.core import objects as objects
from runtime.core.exceptions import BaseException_, SystemExit_
from runtime.core.output import drain_output, write_error_text
from runtime.core.tracebacks import print_traceback
from runtime.core.utf8 import decode_at
from runtime.lang import (
    Array,
    FunctionPointer,
    Ptr,
    export,
    external,
    fill_memory,
    halt,
    microsoft_x64,
    new_array,
    object_from_address,
    padding,
    struct,
    u8,
    u16,
    u64,
)

PAGE_SIZE: Final = 4096
ALLOCATE_ANY_PAGES: Final = 0
LOADER_DATA: Final = 2  # EFI_MEMORY_TYPE EfiLoaderData
ERROR_BIT: Final[u64] = 0x8000_0000_0000_0000
PIECE_UNITS: Final = 128  # UTF-16 units handed to the console at once, terminator included
LONGEST_STEP: Final = 3  # units one code point may need: carriage return and newline, or two surrogates
_NEWLINE: Final = 10
_RETURN: Final = 13
_REPLACEMENT: Final = 0xFFFD


class OutputString(FunctionPointer, Protocol):
    """EFI_TEXT_STRING (12.4.3): prints zero-terminated UTF-16."""

    @microsoft_x64
    def __call__(self, console: u64, text: u64) -> u64: ...


class AllocatePages(FunctionPointer, Protocol):
    """EFI_ALLOCATE_PAGES (7.2.1): the address comes back through the last argument."""

    @microsoft_x64
    def __call__(self, kind: u64, memory_type: u64, pages: u64, address: u64) -> u64: ...


class FreePages(FunctionPointer, Protocol):
    """EFI_FREE_PAGES (7.2.2)."""

    @microsoft_x64
    def __call__(self, address: u64, pages: u64) -> u64: ...


class ExitApplication(FunctionPointer, Protocol):
    """EFI_EXIT (7.4.5)."""

    @microsoft_x64
    def __call__(self, image: u64, status: u64, data_size: u64, data: u64) -> u64: ...


@struct
class TextOutput:
    """EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL (12.4), as far as used."""

    reset: u64
    output_string: OutputString


@struct
class BootServices:
    """EFI_BOOT_SERVICES (4.4), as far as used."""

    _header_and_priorities: u8 = padding(40)
    allocate_pages: AllocatePages
    free_pages: FreePages
    _memory_map_to_start_image: u8 = padding(160)
    exit: ExitApplication  # offset 216


@struct
class SystemTable:
    """EFI_SYSTEM_TABLE (4.3), as far as used."""

    _header_to_console_handle: u8 = padding(64)
    console: Ptr[TextOutput]
    _error_to_runtime_services: u8 = padding(24)
    boot_services: Ptr[BootServices]  # offset 96


class Application:
    """What the entry was given. Addresses, because the object is made at compile time."""

    image: u64
    console: u64
    boot_services: u64

    def __init__(self) -> None:
        self.image = 0
        self.console = 0
        self.boot_services = 0

    def text_output(self) -> Ptr[TextOutput]:
        return Ptr[TextOutput](self.console)

    def services(self) -> Ptr[BootServices]:
        return Ptr[BootServices](self.boot_services)


_application: Final = Application()
_piece: Array[u16] = new_array(u16, PIECE_UNITS)
_place: Array[u64] = new_array(u64, 1)  # where the firmware puts an address


@external("pyc_run_program")
def run_program() -> None:
    """Every module's body in import order; made by the compiler."""


@export("efi_main")
@microsoft_x64
def efi_main(image_handle: u64, system_table: u64) -> u64:
    table = Ptr[SystemTable](system_table)
    _application.image = image_handle
    _application.console = table[0].console.address
    _application.boot_services = table[0].boot_services.address
    status = 0
    try:
        run_program()
    except BaseException as error:
        if isinstance(error, BaseException_):
            status = _status_after(error)
    drain_output()
    return 0 if status == 0 else ERROR_BIT | u64(status)


def _status_after(error: BaseException_) -> int:
    """Print what an exception that left every module has to say; the exit status."""
    drain_output()
    if not isinstance(error, SystemExit_):
        print_traceback(error)
        return 1
    if error.shows_message():
        write_error_text(str(error))
        write_error_text("\n")
    return error.exit_status()


@export("pyc_panic")
def panic(exception: u64) -> NoReturn:
    """A defect in a function that must not raise: back to the firmware, without returning through anybody."""
    drain_output()
    print_traceback(object_from_address(BaseException_, exception))
    _application.services()[0].exit(_application.image, ERROR_BIT | 1, 0, 0)
    while True:
        halt()


@export("pyc_map_pages")
def map_pages(size: u64) -> u64:
    pages = (size + (PAGE_SIZE - 1)) // PAGE_SIZE
    services = _application.services()
    status = services[0].allocate_pages(ALLOCATE_ANY_PAGES, LOADER_DATA, pages, _place.pointer.address)
    if status != 0:
        return 0
    address = _place.pointer[0]
    fill_memory(Ptr[u8](address), 0, pages * PAGE_SIZE)  # the firmware does not promise zeroed pages
    return address


@export("pyc_unmap_pages")
def unmap_pages(address: u64, size: u64) -> None:
    _application.services()[0].free_pages(address, size // PAGE_SIZE)


@export("pyc_write")
def write(_descriptor: u64, address: u64, length: u64) -> u64:
    """UTF-8 to the console, converted piece by piece; both streams are the console."""
    source = Ptr[u8](address)
    end = int(length)
    index = 0
    used = 0
    while index < end:
        step = decode_at(source, index, end)
        used = _put_code(used, step >> 3 if step > 0 else _REPLACEMENT)
        index += step & 7 if step > 0 else 1
        if used + LONGEST_STEP >= PIECE_UNITS:
            _print_piece(used)
            used = 0
    _print_piece(used)
    return length


def _put_code(used: int, code: int) -> int:
    """Append one code point as UTF-16; the console needs a carriage return before a newline."""
    if code >= 0x1_0000:
        _piece.pointer[used] = u16(0xD800 + (code - 0x1_0000 >> 10))
        _piece.pointer[used + 1] = u16(0xDC00 + (code & 0x3FF))
        return used + 2
    if code == _NEWLINE:
        _piece.pointer[used] = _RETURN
        used += 1
    _piece.pointer[used] = u16(code)
    return used + 1


def _print_piece(used: int) -> None:
    if used == 0:
        return
    _piece.pointer[used] = 0
    console = _application.text_output()
    console[0].output_string(_application.console, _piece.pointer.address)


@export("pyc_read")
def read(_descriptor: u64, _address: u64, _length: u64) -> u64:
    """Nothing is ever typed: the end of the input at once."""
    return 0


@export("pyc_is_terminal")
def is_terminal(_descriptor: u64) -> u64:
    return 1
