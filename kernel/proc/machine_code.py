"""The tiniest programs: a page of machine code for ring 3, without a file. For the monitor and the self-tests.

The code is written out in bytes with its assembly beside it; it uses `int 0x80` with Linux's numbers, as the seed's
first programs did. One page at CODE_ADDRESS, one of stack.
"""

from __future__ import annotations

from typing import Final

from kernel.lib.byte_codec import array_of
from kernel.proc.process import Process
from kernel.proc.program_memory import STACK_TOP
from runtime.lang import u64

CODE_ADDRESS: Final = 0x400000

# Prints the 19 bytes behind it and exits with status 0.
HELLO: Final = (
    b"\xb8\x01\x00\x00\x00"  # mov eax, 1           write
    b"\xbf\x01\x00\x00\x00"  # mov edi, 1           standard output
    b"\x48\x8d\x35\x10\x00\x00\x00"  # lea rsi, [rip + 16]
    b"\xba\x13\x00\x00\x00"  # mov edx, 19
    b"\xcd\x80"  # int 0x80
    b"\xb8\x3c\x00\x00\x00"  # mov eax, 60          exit
    b"\x31\xff"  # xor edi, edi
    b"\xcd\x80"  # int 0x80
    b"Hello from Ring 3!\n"
)

# Reads the first word of the kernel image; if that works, exits with status 0.
TOUCH_KERNEL: Final = (
    b"\x48\xa1\x00\x00\x00\x80\xff\xff\xff\xff"  # mov rax, [0xffffffff80000000]
    b"\xb8\x3c\x00\x00\x00"  # mov eax, 60          exit
    b"\x31\xff"  # xor edi, edi
    b"\xcd\x80"  # int 0x80
)

# Exits with the byte at DATA_ADDRESS as its status.
DATA_ADDRESS: Final = 0x401000
SHOW_DATA: Final = (
    b"\x0f\xb6\x3c\x25\x00\x10\x40\x00"  # movzx edi, byte ptr [0x401000]
    b"\xb8\x3c\x00\x00\x00"  # mov eax, 60          exit
    b"\xcd\x80"  # int 0x80
)


def make_process(name: str, code: bytes) -> Process:
    """A process with the code mapped; the caller destroys it. MemoryError, ENOMEM."""
    process = Process(name)
    try:
        process.memory.add_image(CODE_ADDRESS, 1, False, True)
        process.memory.space.write(u64(CODE_ADDRESS), array_of(code))
    except BaseException:
        process.destroy()
        raise
    return process


def first_stack() -> u64:
    """rsp for such a program: the stack grows when it is touched."""
    return u64(STACK_TOP - 16)
