"""`pyc`: the command line. Parses arguments, calls the pipeline, shows diagnostics, chooses the exit code (DESIGN §7):
0 fine, 1 the program is wrong, 2 the command line is wrong, 3 the machine lacks something, 4 our fault."""

from __future__ import annotations

import os
import sys

from compiler.commands import arguments

OUR_FAULT = 4


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    try:
        return arguments.run(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:
        print("pyc: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
