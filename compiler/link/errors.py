"""What can go wrong at the link, with stable codes.

    LinkError(code, message)
        E0701  a symbol is used and nowhere defined
        E0702  a symbol is defined twice
        E0703  a relocated value does not fit its field
        E0704  a relocation type that this linker does not apply
        E0705  an address that is fixed at link time in an image that may be loaded anywhere
        E0706  an object file that is malformed (truncated, inconsistent, not ELF64 x86-64 relocatable)
        E0707  the entry symbol is missing or does not lie in executable code
        E0708  a feature of object files that has no place here (thread-local storage, indirect functions, compression)
        E0709  the image does not fit its address range or format

These are plain exceptions: the linker knows no source language, so the caller turns them into its own diagnostics.
"""

from __future__ import annotations

from enum import StrEnum


class LinkErrorCode(StrEnum):
    """Stable codes; the module docstring says what each means."""

    UNDEFINED_SYMBOL = "E0701"
    DUPLICATE_SYMBOL = "E0702"
    RELOCATION_OVERFLOW = "E0703"
    UNKNOWN_RELOCATION = "E0704"
    FIXED_ADDRESS = "E0705"
    MALFORMED_OBJECT = "E0706"
    BAD_ENTRY = "E0707"
    UNSUPPORTED_FEATURE = "E0708"
    IMAGE_LIMIT = "E0709"


class LinkError(Exception):
    """One refusal; `message` may have several lines, the first of which stands alone."""

    def __init__(self, code: LinkErrorCode, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
