"""The first stack of a program: arguments, environment, auxiliary vector. System V ABI, AMD64 supplement, 3.4.1. Pure.

    high   "x86_64" 0, name 0, environment strings, argument strings, 16 random bytes
           padding
           auxiliary vector, (type, value) pairs, ending with AT_NULL
           0, addresses of the environment strings
           0, addresses of the argument strings
    rsp →  number of arguments                          rsp is a multiple of 16

Errors: E2BIG when strings and addresses take more than ARG_MAX.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.lib.byte_codec import put_bytes, put_u64
from runtime.abi.error_numbers import E2BIG
from runtime.abi.limits import ARG_MAX, PAGE_SIZE
from runtime.lang import Array, new_array, u8, u64

# Linux, include/uapi/linux/auxvec.h.
AT_NULL: Final = 0
AT_PHDR: Final = 3
AT_PHENT: Final = 4
AT_PHNUM: Final = 5
AT_PAGESZ: Final = 6
AT_BASE: Final = 7
AT_FLAGS: Final = 8
AT_ENTRY: Final = 9
AT_UID: Final = 11
AT_EUID: Final = 12
AT_GID: Final = 13
AT_EGID: Final = 14
AT_PLATFORM: Final = 15
AT_CLKTCK: Final = 17
AT_SECURE: Final = 23
AT_RANDOM: Final = 25
AT_EXECFN: Final = 31

PROGRAM_HEADER_SIZE: Final = 56
RANDOM_BYTES: Final = 16
CLOCK_TICKS: Final = 100
PLATFORM: Final = b"x86_64"
WORD: Final = 8
STACK_ALIGNMENT: Final = 16


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """What the auxiliary vector tells about the loaded file; `headers` is 0 when they are not in memory."""

    entry: int
    headers: int
    header_count: int


@dataclass(frozen=True, slots=True)
class StackImage:
    """Bytes for [address, top of the stack); the program starts with rsp = address."""

    address: int
    content: Array[u8]


class StackBuilder:
    """Writes from the top down, first the strings, then the words."""

    _content: Array[u8]
    _base: int  # the address of the first byte of `_content`
    _position: int  # the first byte that is written

    def __init__(self, top: int, size: int) -> None:
        self._content = new_array(u8, size)
        self._base = top - size
        self._position = size

    def push_bytes(self, data: bytes) -> int:
        """Put bytes below the others; their address."""
        self._position -= len(data)
        put_bytes(self._content, self._position, data)
        return self._base + self._position

    def push_string(self, text: bytes) -> int:
        """Put bytes and a terminating zero."""
        self.push_bytes(b"\0")
        return self.push_bytes(text)

    def push_words(self, words: list[int]) -> int:
        """Put words with the first at the lowest address, which is aligned to 16; that address."""
        size = len(words) * WORD
        self._position = (self._position - size) & ~(STACK_ALIGNMENT - 1)
        for index in range(len(words)):
            put_u64(self._content, self._position + index * WORD, u64(words[index]))
        return self._base + self._position

    def image(self) -> StackImage:
        """Everything from the lowest byte written."""
        return StackImage(self._base + self._position, self._content[self._position : len(self._content)])


def build_stack(
    top: int, arguments: list[bytes], environment: list[bytes], facts: ProgramFacts, random: bytes
) -> StackImage:
    """The stack of a program that starts; `top` is a page boundary, `random` has RANDOM_BYTES bytes."""
    builder = StackBuilder(top, stack_size(arguments, environment))
    platform = builder.push_string(PLATFORM)
    name = builder.push_string(arguments[0] if len(arguments) > 0 else b"")
    environment_addresses = push_strings(builder, environment)
    argument_addresses = push_strings(builder, arguments)
    random_address = builder.push_bytes(random)
    words = [len(arguments)]
    words.extend(argument_addresses)
    words.append(0)
    words.extend(environment_addresses)
    words.append(0)
    words.extend(auxiliary_vector(facts, random_address, platform, name))
    builder.push_words(words)
    return builder.image()


def stack_size(arguments: list[bytes], environment: list[bytes]) -> int:
    """Whole pages that surely hold everything."""
    size = 0
    for text in arguments:
        size += len(text) + 1 + WORD
    for text in environment:
        size += len(text) + 1 + WORD
    if size > ARG_MAX:
        raise OSError(E2BIG, f"arguments and environment take {size} bytes; the limit is {ARG_MAX}")
    name = len(arguments[0]) if len(arguments) > 0 else 0
    return (size + name + 1024 + PAGE_SIZE - 1) // PAGE_SIZE * PAGE_SIZE


def push_strings(builder: StackBuilder, texts: list[bytes]) -> list[int]:
    """Put strings, the first lowest as Linux does; their addresses in order."""
    addresses: list[int] = []
    for index in range(len(texts) - 1, -1, -1):
        addresses.append(builder.push_string(texts[index]))
    addresses.reverse()
    return addresses


def auxiliary_vector(facts: ProgramFacts, random: int, platform: int, name: int) -> list[int]:
    """Pairs of type and value."""
    words: list[int] = []
    if facts.headers != 0:
        words.extend([AT_PHDR, facts.headers, AT_PHENT, PROGRAM_HEADER_SIZE, AT_PHNUM, facts.header_count])
    words.extend([AT_PAGESZ, PAGE_SIZE, AT_BASE, 0, AT_FLAGS, 0, AT_ENTRY, facts.entry])
    words.extend([AT_UID, 0, AT_EUID, 0, AT_GID, 0, AT_EGID, 0, AT_SECURE, 0])
    words.extend([AT_CLKTCK, CLOCK_TICKS, AT_RANDOM, random, AT_PLATFORM, platform, AT_EXECFN, name, AT_NULL, 0])
    return words
