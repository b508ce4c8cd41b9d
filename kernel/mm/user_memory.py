"""The only code that touches a program's memory. Rank 5.

A user address is a claim: both ends are tested against the user half, with a test for overflow, and the copy itself
may still fault. It is one small assembly function between two labels; a fault there that nobody resolves (page_fault
asks `fix_up`) continues at its end with the number of bytes that are left. AC is set only inside of it, so everywhere
else SMAP catches a stray pointer. Every function copies once, and raises OSError(EFAULT) when not all bytes could be
copied.

May block (a page is brought in) and must not be called under a spin lock. The address space of the program is the
active one.
"""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64.address_layout import LOWEST_USER_ADDRESS, PAGE_SIZE, USER_TOP
from kernel.arch.x86_64.cpu import FEATURES
from runtime.abi.error_numbers import EFAULT, ENAMETOOLONG
from runtime.lang import Array, Ptr, assembly, linker_symbol, naked, new_array, u8, u64

# Bytes fetched at once while looking for the end of a string; never crosses a page, so a string may end where memory
# does.
STRING_PIECE: Final = 256
NOT_HANDLED: Final[u64] = 0


def check_range(address: u64, size: u64) -> None:
    """EFAULT unless [address, address + size) lies in the user half. An empty range is fine anywhere in it."""
    if address < LOWEST_USER_ADDRESS and size != 0:
        raise OSError(EFAULT, "the null page")
    if address > USER_TOP or size > USER_TOP - address:
        raise OSError(EFAULT, "outside of the user half")


def copy_from_user(destination: Ptr[u8], source: u64, size: u64) -> None:
    """Copy a program's bytes into kernel memory."""
    check_range(source, size)
    if size != 0 and copy_across(destination.address, source, size, smap_in_force()) != 0:
        raise OSError(EFAULT, "the program's memory cannot be read")


def copy_to_user(destination: u64, source: Ptr[u8], size: u64) -> None:
    """Copy kernel memory to a program."""
    check_range(destination, size)
    if size != 0 and copy_across(destination, source.address, size, smap_in_force()) != 0:
        raise OSError(EFAULT, "the program's memory cannot be written")


def fill_user(destination: u64, value: u8, size: u64) -> None:
    """Fill a program's memory with one byte."""
    check_range(destination, size)
    if size != 0 and fill_across(destination, u64(value), size, smap_in_force()) != 0:
        raise OSError(EFAULT, "the program's memory cannot be written")


def read_array(destination: Array[u8], source: u64) -> None:
    """Fill an array from a program's memory."""
    copy_from_user(destination.pointer, source, u64(len(destination)))


def write_array(destination: u64, source: Array[u8]) -> None:
    """Copy an array to a program."""
    copy_to_user(destination, source.pointer, u64(len(source)))


def read_word(source: u64) -> u64:
    """Eight bytes, little endian."""
    word = new_array(u64, 1)
    copy_from_user(word.pointer.cast(u8), source, 8)
    return word[0]


def write_word(destination: u64, value: u64) -> None:
    word = new_array(u64, 1)
    word[0] = value
    copy_to_user(destination, word.pointer.cast(u8), 8)


def read_string(source: u64, limit: int) -> bytes:
    """The bytes up to a terminating zero, which must come within `limit` bytes: ENAMETOOLONG otherwise."""
    piece = new_array(u8, STRING_PIECE)
    text = b""
    address = source
    while len(text) < limit:
        room = int(PAGE_SIZE - address % PAGE_SIZE)
        size = min(room, STRING_PIECE, limit - len(text))
        copy_from_user(piece.pointer, address, u64(size))
        end = position_of_zero(piece, size)
        text = text + bytes(piece[0:end])
        if end < size:
            return text
        address += size
    raise OSError(ENAMETOOLONG, "no end within the limit")


def position_of_zero(piece: Array[u8], size: int) -> int:
    """The index of the first zero byte among the first `size`, or `size`."""
    for position in range(size):
        if piece[position] == 0:
            return position
    return size


def smap_in_force() -> u64:
    """Whether stac and clac exist: without SMAP they are invalid opcodes."""
    return 1 if FEATURES.smap else 0


def fix_up(instruction: u64) -> u64:
    """Where to continue after a fault at this kernel instruction, or 0: the exception table, as ranges."""
    if instruction >= linker_symbol("user_copy_start") and instruction < linker_symbol("user_copy_end"):
        return linker_symbol("user_copy_end")
    if instruction >= linker_symbol("user_fill_start") and instruction < linker_symbol("user_fill_end"):
        return linker_symbol("user_fill_end")
    return NOT_HANDLED


@naked
def copy_across(destination: u64, source: u64, size: u64, smap: u64) -> u64:
    """Copy; the answer is the number of bytes that were not copied. rep movsb keeps rcx right when it faults."""
    assembly(
        """
        mov r8, rcx
        mov rcx, rdx
        test r8, r8
        je 2f
        stac
    2:
        .globl user_copy_start
        user_copy_start:
        rep movsb
        .globl user_copy_end
        user_copy_end:
        test r8, r8
        je 3f
        clac
    3:
        mov rax, rcx
        ret
        """
    )


@naked
def fill_across(destination: u64, value: u64, size: u64, smap: u64) -> u64:
    """Fill; the answer is the number of bytes that were not filled."""
    assembly(
        """
        mov r8, rcx
        mov rcx, rdx
        mov rax, rsi
        test r8, r8
        je 2f
        stac
    2:
        .globl user_fill_start
        user_fill_start:
        rep stosb
        .globl user_fill_end
        user_fill_end:
        test r8, r8
        je 3f
        clac
    3:
        mov rax, rcx
        ret
        """
    )
