"""Built-in functions over sequences, generic in the item type."""

from __future__ import annotations

from typing import Final, TypeVar

from runtime.core.list_order import less
from runtime.core.output import flush_output, write_text
from runtime.core.text_objects import bytes_data, new_bytes
from runtime.core.utf8 import text_from_utf8_escaped
from runtime.lang import Array, Ptr, copy_memory, external, fill_memory, i64, new_array, no_raise, truncate, u8, u64

T = TypeVar("T")

INPUT_SIZE: Final = 4096

_input: Array[u8] = new_array(u8, INPUT_SIZE)
_input_start: int = 0
_input_end: int = 0


@external("pyc_read")
@no_raise
def read_bytes(descriptor: u64, address: u64, length: u64) -> u64:
    """Bytes read, 0 at the end, or minus the error number as two's complement."""
    raise NotImplementedError


def plus(a: T, b: T) -> T:
    return a + b  # type: ignore[operator, no-any-return]


def sum_of(items: list[T]) -> T:
    """``sum``; the compiler answers 0 itself for an empty list."""
    total = items[0]
    index = 1
    while index < len(items):
        total = plus(total, items[index])
        index += 1
    return total


def minimum_of(items: list[T]) -> T:
    if len(items) == 0:
        raise ValueError("min() arg is an empty sequence")
    best = items[0]
    index = 1
    while index < len(items):
        if less(items[index], best):
            best = items[index]
        index += 1
    return best


def maximum_of(items: list[T]) -> T:
    if len(items) == 0:
        raise ValueError("max() arg is an empty sequence")
    best = items[0]
    index = 1
    while index < len(items):
        if less(best, items[index]):
            best = items[index]
        index += 1
    return best


def any_of(items: list[T]) -> bool:
    for item in items:
        if item:
            return True
    return False


def all_of(items: list[T]) -> bool:
    for item in items:
        if not item:
            return False
    return True


def sorted_of(items: list[T], reverse: bool = False) -> list[T]:
    result = items[:]
    result.sort(reverse=reverse)
    return result


def reversed_of(items: list[T]) -> list[T]:
    result = items[:]
    result.reverse()
    return result


def range_length(start: int, stop: int, step: int) -> int:
    """``len(range(start, stop, step))``."""
    if step == 0:
        raise ValueError("range() arg 3 must not be zero")
    if step > 0:
        return (stop - start - 1) // step + 1 if start < stop else 0
    return (start - stop - 1) // -step + 1 if start > stop else 0


def list_from_range(start: int, stop: int, step: int) -> list[int]:
    result: list[int] = []
    left = range_length(start, stop, step)
    value = start
    while left > 0:
        result.append(value)
        left -= 1
        if left > 0:
            value += step
    return result


def list_from_string(text: str) -> list[str]:
    result: list[str] = []
    index = 0
    while index < len(text):
        result.append(text[index])
        index += 1
    return result


def list_from_bytes(data: bytes) -> list[int]:
    result: list[int] = []
    index = 0
    while index < len(data):
        result.append(data[index])
        index += 1
    return result


def bytes_from_list(items: list[int]) -> bytes:
    result = new_bytes(len(items))
    target = Ptr[u8](bytes_data(result))
    index = 0
    while index < len(items):
        value = items[index]
        if value < 0 or value > 255:
            raise ValueError("bytes must be in range(0, 256)")
        target[index] = u8(value)
        index += 1
    return result


def bytes_from_memory(address: u64, length: int) -> bytes:
    """A copy of `length` bytes at an address: ``bytes(array)``."""
    result = new_bytes(length)
    copy_memory(Ptr[u8](bytes_data(result)), Ptr[u8](address), u64(length))
    return result


def bytes_of_length(count: int) -> bytes:
    if count < 0:
        raise ValueError("negative count")
    result = new_bytes(count)
    fill_memory(Ptr[u8](bytes_data(result)), 0, u64(count))
    return result


def input_line(prompt: str) -> str:
    """``input(prompt)``: a line of standard input without its end; ``EOFError`` when nothing is left."""
    global _input_start, _input_end
    write_text(prompt)
    flush_output()
    line = b""
    while True:
        start = _input_start
        while _input_start < _input_end and _input.pointer[_input_start] != 10:
            _input_start += 1
        line = line + bytes(_input[start:_input_start])
        if _input_start < _input_end:
            _input_start += 1
            return text_from_utf8_escaped(bytes_data(line), len(line))
        _input_start = 0
        _input_end = max(int(truncate(i64, read_bytes(0, _input.pointer.address, INPUT_SIZE))), 0)
        if _input_end == 0:
            break
    if len(line) == 0:
        raise EOFError("EOF when reading a line")
    return text_from_utf8_escaped(bytes_data(line), len(line))
