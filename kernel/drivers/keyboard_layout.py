"""Scan codes of set 1 turned into the bytes a terminal would send: US layout. Pure.

IBM PC/AT technical reference, "Keyboard scan codes, set 1", which the 8042 makes of whatever the keyboard sends. A
code with bit 7 set is a release; 0xE0 announces a second group (arrows, Home, End, Delete). Keys without a meaning
give nothing.

A key's bytes come packed into one number, the first byte highest, so that nothing is allocated: `A` is 0x41, the arrow
up 0x1B5B41. 0 means nothing to send.
"""

from __future__ import annotations

from typing import Final

RELEASED: Final = 0x80
EXTENDED: Final = 0xE0
LEFT_SHIFT: Final = 0x2A
RIGHT_SHIFT: Final = 0x36
CONTROL: Final = 0x1D
CAPS_LOCK: Final = 0x3A

NO_KEY: Final = 0

# Characters of the codes 0x00 to 0x39; zero where the key is no character.
_PLAIN: Final = b"\0\x1b1234567890-=\x7f\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 "
_SHIFTED: Final = b'\0\x1b!@#$%^&*()_+\x7f\tQWERTYUIOP{}\r\0ASDFGHJKL:"~\0|ZXCVBNM<>?\0*\0 '

# Keys of the second group: Enter and `/` of the number pad, Home, arrows, End, Delete.
_EXTENDED_KEYS: Final[tuple[tuple[int, int], ...]] = (
    (0x1C, 0x0D), (0x35, 0x2F), (0x47, 0x1B5B48), (0x48, 0x1B5B41), (0x4B, 0x1B5B44), (0x4D, 0x1B5B43),
    (0x4F, 0x1B5B46), (0x50, 0x1B5B42), (0x53, 0x1B5B337E),
)  # fmt: skip


class KeyboardLayout:
    """Remembers which modifiers are down."""

    _shift: bool = False
    _control: bool = False
    _caps: bool = False
    _extended: bool = False

    def take(self, code: int) -> int:
        """What a scan code means for a terminal, packed; NO_KEY for most of them."""
        if code == EXTENDED:
            self._extended = True
            return NO_KEY
        was_extended = self._extended
        self._extended = False
        key = code & ~RELEASED
        is_pressed = code & RELEASED == 0
        # An extended Shift is no key: keyboards send it around their arrows.
        if was_extended and (key == LEFT_SHIFT or key == RIGHT_SHIFT):
            return NO_KEY
        if self._is_modifier(key, is_pressed) or not is_pressed:
            return NO_KEY
        return extended_key(key) if was_extended else self._character(key)

    def _is_modifier(self, key: int, is_pressed: bool) -> bool:
        """Follow Shift, Control and Caps Lock."""
        if key == LEFT_SHIFT or key == RIGHT_SHIFT:
            self._shift = is_pressed
        elif key == CONTROL:
            self._control = is_pressed
        elif key == CAPS_LOCK:
            if is_pressed:
                self._caps = not self._caps
        else:
            return False
        return True

    def _character(self, key: int) -> int:
        if key >= len(_PLAIN):
            return NO_KEY
        plain = int(_PLAIN[key])
        is_letter = ord("a") <= plain <= ord("z")
        if self._control and is_letter:
            return plain & 0x1F
        if self._shift != (self._caps and is_letter):
            return int(_SHIFTED[key])
        return plain


def extended_key(key: int) -> int:
    """The bytes of a key of the second group."""
    for code, sequence in _EXTENDED_KEYS:
        if code == key:
            return sequence
    return NO_KEY
