"""`pyc`: the command line. Parses arguments, calls the pipeline, shows diagnostics, chooses the exit code (DESIGN §7):
0 fine, 1 the program is wrong, 2 the command line is wrong, 3 the machine lacks something, 4 our fault; 130 after
Ctrl-C."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130
MACHINE_LACKS = 3
READER_GONE = 1


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    try:
        # Imported here, so that Ctrl-C is answered properly from the first moment.
        from compiler.commands import arguments

        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # a file name need not be text in the terminal's encoding
                stream.reconfigure(errors="backslashreplace")
        code = arguments.run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("pyc: interrupted", file=sys.stderr)
        sys.stderr.flush()
        # Not an ordinary exit: a thread may be deep inside a stage, and nothing of it is wanted any more.
        os._exit(INTERRUPTED)
    except BrokenPipeError:
        forget_output()
        return READER_GONE
    except OSError as error:
        forget_output()
        print(f"pyc: cannot write the output: {error.strerror or error}", file=sys.stderr)
        return MACHINE_LACKS


def forget_output() -> None:
    """What could not be written must not be tried again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
