"""``sys``: arguments, exit and constants of the implementation."""

from __future__ import annotations

from typing import Final, NoReturn

from runtime.std.posix import program_arguments

argv: list[str] = program_arguments()
maxsize: Final = 0x7FFF_FFFF_FFFF_FFFF
maxunicode: Final = 0x10_FFFF
byteorder: Final = "little"
platform: Final = "linux"


def exit(status: int = 0) -> NoReturn:
    """Leave the program by ``SystemExit``, so that ``finally`` blocks run."""
    raise SystemExit(status)


def exit_with_text(text: str) -> NoReturn:
    """``sys.exit("text")``: the text goes to stderr, the status is 1."""
    raise SystemExit(text)
