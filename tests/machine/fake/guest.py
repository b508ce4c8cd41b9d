r"""Plays the guest's monitor on standard input and output, well or badly; started as a script of its own.

    python guest.py        then: echo, prompt, status marks as the kernel's monitor makes them

Commands: `say TEXT`, `raw TEXT` (no line end), `status N`, `hang`, `die N`, `poweroff`, `bytes HEX`, `split`.
"""

from __future__ import annotations

import os
import sys
import time

PROMPT = b"pyc> "
FIRMWARE = b"\x1b[2J\x1b[01;01H\x1b[=3hBdsDxe: starting Boot0001\r\n"


def put(data: bytes) -> None:
    os.write(1, data)


def read_line() -> bytes:
    """One line as a line editor takes it: every character echoed."""
    line = b""
    while True:
        character = os.read(0, 1)
        if character in {b"", b"\r", b"\n"}:
            put(b"\r\n")
            return line
        line += character
        put(character)


def obey(command: str) -> int:
    """One command; gives its status."""
    verb, _, rest = command.partition(" ")
    match verb:
        case "say":
            put(rest.encode() + b"\r\n")
        case "raw":
            put(rest.encode())
        case "status":
            return int(rest)
        case "bytes":
            put(bytes.fromhex(rest) + b"\r\n")
        case "hang":
            put(b"about to hang\r\n")
            time.sleep(600)
        case "die":
            put(b"falling over\r\n")
            os._exit(int(rest or 1))
        case "poweroff":
            os._exit(0)
        case _:
            put(verb.encode() + b": unknown command\r\n")
            return 127
    return 0


def main() -> None:
    put(FIRMWARE + b"kernel starts\r\n" + PROMPT)
    while True:
        status = obey(read_line().decode())
        mark = f"\x1b]133;D;{status}\x07".encode()
        # Sequences arrive in pieces on a slow line.
        put(mark[:5])
        put(mark[5:] + PROMPT)


if __name__ == "__main__":
    if "--silent" in sys.argv:
        time.sleep(600)
    main()
