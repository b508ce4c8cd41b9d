"""uname and reboot. Linux, include/uapi/linux/utsname.h and reboot.h."""

from __future__ import annotations

from typing import Final

from kernel.arch.x86_64 import power
from kernel.config import KERNEL_NAME, KERNEL_VERSION
from kernel.lib.byte_codec import put_bytes
from kernel.mm.user_memory import write_array
from kernel.syscalls.system_call import SystemCall
from runtime.abi.error_numbers import EINVAL
from runtime.lang import Array, new_array, u8, u64

# struct new_utsname: six texts of 65 bytes, the terminating zero included.
NAME_FIELD: Final = 65
NAME_FIELDS: Final = 6

REBOOT_MAGIC: Final = 0xFEE1_DEAD
# Linus Torvalds' birthday and those of his daughters, each valid as the second number.
SECOND_MAGICS: Final[tuple[int, ...]] = (0x2812_1969, 0x0512_1996, 0x1604_1998, 0x2011_2000)
COMMAND_RESTART: Final = 0x0123_4567
COMMAND_HALT: Final = 0xCDEF_0123
COMMAND_POWER_OFF: Final = 0x4321_FEDC
# What Ctrl-Alt-Delete does; there is no such key here, and both answers are true.
COMMAND_KEYS_ON: Final = 0x89AB_CDEF
COMMAND_KEYS_OFF: Final = 0


def describe(call: SystemCall) -> u64:
    """uname(address)"""
    write_array(call.first, system_names())
    return 0


def system_names() -> Array[u8]:
    """The structure, filled."""
    names = new_array(u8, NAME_FIELD * NAME_FIELDS)
    put_name(names, 0, "Pyc")
    put_name(names, 1, KERNEL_NAME)
    put_name(names, 2, KERNEL_VERSION)
    put_name(names, 3, "#1")
    put_name(names, 4, "x86_64")
    put_name(names, 5, "(none)")
    return names


def put_name(names: Array[u8], field: int, text: str) -> None:
    data = text.encode("utf-8")
    assert len(data) < NAME_FIELD, "a name without room for its zero"
    put_bytes(names, field * NAME_FIELD, data)


def reboot(call: SystemCall) -> u64:
    """reboot(magic, second magic, command, argument): EINVAL unless all three numbers are known."""
    # The C types are int: the upper halves of the registers do not count.
    first = call.first & 0xFFFF_FFFF
    second = call.second & 0xFFFF_FFFF
    command = call.third & 0xFFFF_FFFF
    if first != REBOOT_MAGIC or not is_second_magic(second):
        raise OSError(EINVAL, "not meant")
    if command == COMMAND_RESTART:
        power.reset()
    if command == COMMAND_HALT:
        power.halt_forever()
    if command == COMMAND_POWER_OFF:
        power.power_off()
        power.halt_forever()
    if command != COMMAND_KEYS_ON and command != COMMAND_KEYS_OFF:
        raise OSError(EINVAL, "an unknown command")
    return 0


def is_second_magic(value: u64) -> bool:
    for magic in SECOND_MAGICS:
        if value == magic:
            return True
    return False
