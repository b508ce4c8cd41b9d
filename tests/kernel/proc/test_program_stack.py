"""The first stack, read back as a program's start code reads it."""

from __future__ import annotations

import errno
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.proc import program_stack
from kernel.proc.program_stack import ProgramFacts, StackImage, build_stack

TOP = 0x7FFF_FFFF_F000
RANDOM = bytes(range(16))
FACTS = ProgramFacts(0x401234, 0x400040, 4)
texts = st.lists(st.binary(max_size=20).map(lambda data: data.replace(b"\0", b"")), max_size=6)


class Reader:
    """Memory as the program sees it."""

    def __init__(self, image: StackImage) -> None:
        self.base, self.data = image.address, bytes(image.content)
        self.position = image.address

    def word(self) -> int:
        value = struct.unpack_from("<Q", self.data, self.position - self.base)[0]
        self.position += 8
        return int(value)

    def string(self, address: int) -> bytes:
        start = address - self.base
        return self.data[start : self.data.index(b"\0", start)]

    def strings(self) -> list[bytes]:
        found = []
        while address := self.word():
            found.append(self.string(address))
        return found

    def vector(self) -> dict[int, int]:
        found = {}
        while (kind := self.word()) != 0:
            found[kind] = self.word()
        return found


@given(texts, texts)
def test_arguments_environment_and_vector(arguments: list[bytes], environment: list[bytes]) -> None:
    image = build_stack(TOP, arguments, environment, FACTS, RANDOM)
    assert image.address % 16 == 0 and image.address + len(image.content) == TOP
    reader = Reader(image)
    assert reader.word() == len(arguments)
    assert reader.strings() == arguments
    assert reader.strings() == environment
    vector = reader.vector()
    assert vector[program_stack.AT_PAGESZ] == 4096
    assert vector[program_stack.AT_ENTRY] == 0x401234
    assert (vector[program_stack.AT_PHDR], vector[program_stack.AT_PHNUM]) == (0x400040, 4)
    start = vector[program_stack.AT_RANDOM] - reader.base
    assert reader.data[start : start + 16] == RANDOM
    assert reader.string(vector[program_stack.AT_PLATFORM]) == b"x86_64"
    assert reader.string(vector[program_stack.AT_EXECFN]) == (arguments[0] if arguments else b"")


def test_headers_that_are_not_in_memory_are_not_announced() -> None:
    reader = Reader(build_stack(TOP, [b"x"], [], ProgramFacts(0x401000, 0, 3), RANDOM))
    reader.word(), reader.strings(), reader.strings()
    assert program_stack.AT_PHDR not in reader.vector()


def test_the_vector_is_linuxs() -> None:
    """Numbers of include/uapi/linux/auxvec.h; a program header of ELF64 has 56 bytes."""
    reader = Reader(build_stack(TOP, [b"x"], [b"A=1"], FACTS, RANDOM))
    reader.word(), reader.strings(), reader.strings()
    vector = reader.vector()
    pointers = {kind: vector.pop(kind) for kind in (15, 25, 31)}
    assert all(reader.base <= pointer < TOP for pointer in pointers.values())
    assert vector == {
        3: 0x400040, 4: 56, 5: 4, 6: 4096, 7: 0, 8: 0, 9: 0x401234,
        11: 0, 12: 0, 13: 0, 14: 0, 17: 100, 23: 0,
    }  # fmt: skip
    assert reader.word() == 0, "AT_NULL has a value word too"


def test_the_limit_counts_strings_their_ends_and_pointers() -> None:
    """Each string takes its bytes, a zero and a pointer; exactly ARG_MAX (execve(2): 128 KiB) is allowed."""
    ends_and_pointers = 3 * (1 + 8)
    fits = [b"x" * 1000, b"y" * (131072 - 1001 - ends_and_pointers)]
    build_stack(TOP, fits, [b"e"], FACTS, RANDOM)
    build_stack(TOP, [b"e"], fits, FACTS, RANDOM)
    for arguments, environment in ((fits, [b"ee"]), ([b"ee"], fits)):
        with pytest.raises(OSError):
            build_stack(TOP, arguments, environment, FACTS, RANDOM)


def test_too_many_arguments() -> None:
    with pytest.raises(OSError) as caught:
        build_stack(TOP, [b"x" * 1000] * 132, [], FACTS, RANDOM)
    assert caught.value.errno == errno.E2BIG
    assert len(build_stack(TOP, [b"x" * 1000] * 128, [], FACTS, RANDOM).content) > 128000
