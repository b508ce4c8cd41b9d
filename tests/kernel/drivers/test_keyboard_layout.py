"""Every key of a US keyboard in scan code set 1: what it sends alone, with Shift, Caps Lock and Control."""

from __future__ import annotations

import string

import pytest

from kernel.drivers.keyboard_layout import KeyboardLayout, extended_key

# The rows of the keyboard with the code of their first key; the codes of a row follow one another.
ROWS = (
    (0x02, "1234567890-=", "!@#$%^&*()_+"),
    (0x10, "qwertyuiop[]", "QWERTYUIOP{}"),
    (0x1E, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (0x2B, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
)
KEYS = [(first + index, plain[index], shifted[index]) for first, plain, shifted in ROWS for index in range(len(plain))]
SHIFTS = (0x2A, 0x36)
EXTENDED_KEYS = {
    0x1C: b"\r", 0x35: b"/", 0x47: b"\x1b[H", 0x48: b"\x1b[A", 0x4B: b"\x1b[D", 0x4D: b"\x1b[C",
    0x4F: b"\x1b[F", 0x50: b"\x1b[B", 0x53: b"\x1b[3~",
}  # fmt: skip


def last(*codes: int) -> bytes:
    """What the last of these codes sends."""
    layout = KeyboardLayout()
    packed = 0
    for code in codes:
        packed = layout.take(code)
    return packed.to_bytes((packed.bit_length() + 7) // 8, "big")


@pytest.mark.parametrize(("code", "plain", "shifted"), KEYS)
def test_characters(code: int, plain: str, shifted: str) -> None:
    is_letter = plain in string.ascii_lowercase
    assert last(code) == plain.encode()
    assert last(code | 0x80) == b""
    for shift in SHIFTS:
        assert last(shift, code) == shifted.encode()
        assert last(shift, shift | 0x80, code) == plain.encode()
        assert last(0x3A, shift, code) == (plain if is_letter else shifted).encode()
    assert last(0x3A, code) == (shifted if is_letter else plain).encode()
    assert last(0x3A, 0xBA, 0x3A, code) == plain.encode()
    assert last(0x1D, code) == (bytes([ord(plain) - 0x60]) if is_letter else plain.encode())
    assert last(0x1D, 0x9D, code) == plain.encode()


def test_keys_without_a_meaning_send_nothing() -> None:
    assert [code for code in range(0x80) if last(code)] == sorted(
        {code for code, _, _ in KEYS} | {0x01, 0x0E, 0x0F, 0x1C, 0x37, 0x39}
    )


def test_the_second_group() -> None:
    assert {code: last(0xE0, code) for code in range(0x80) if last(0xE0, code)} == EXTENDED_KEYS
    assert extended_key(0x48) == 0x1B5B41 and extended_key(0x1E) == 0
    # The prefix is for one code; a Shift that carries it is none; a Control that carries it is one.
    assert last(0xE0, 0x48, 0x1E) == b"a"
    assert last(0xE0, 0x36, 0x1E) == b"a"
    assert last(0xE0, 0x1D, 0x1E) == b"\x01"
