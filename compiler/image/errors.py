"""What can go wrong with a disk image, with stable codes.

    ImageError(code, message)
        E0801  a guest path or file name that the file system cannot hold, or that is given twice
        E0802  the files do not fit
        E0803  an image that was to be shown is not one this program understands
        E0804  a host file cannot be read, or the image cannot be written

These are plain exceptions, as those of the link are: the caller turns them into its own diagnostics.
"""

from __future__ import annotations

from enum import StrEnum


class ImageErrorCode(StrEnum):
    """Stable codes; the module docstring says what each means."""

    BAD_NAME = "E0801"
    NO_ROOM = "E0802"
    BAD_IMAGE = "E0803"
    HOST_FILE = "E0804"


class ImageError(Exception):
    """One refusal; `message` is a sentence for people."""

    def __init__(self, code: ImageErrorCode, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
