"""The arguments of `pyc`: what can be asked, in words that explain it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from compiler.options import Emit
from compiler.target import TARGETS

VERSION = "0.1.0"
WRONG_COMMAND_LINE = 2

EPILOG = """\
examples:
  pyc build hello.py              compile hello.py to the static program ./hello
  pyc run hello.py one two        compile (into the cache) and run it
  pyc check hello.py              find mistakes without building
  pyc build --target uefi app.py  make the EFI application app.efi
  pyc build hello.py --emit ir    show the compiler's view after its passes
  pyc --explain E0307             explain a diagnostic

exit status: 0 fine, 1 the program is wrong, 2 the command line is wrong, 3 the machine lacks something,
4 a fault of pyc; `pyc run` gives the program's own.
"""


class Parser(argparse.ArgumentParser):
    """Reports mistakes in one line, with exit code 2."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}\n(try `{self.prog} --help`)", file=sys.stderr)
        raise SystemExit(WRONG_COMMAND_LINE)


def run(argv: list[str]) -> int:
    """Parse and carry out one command line."""
    parser = make_parser()
    try:
        known = parser.parse_args(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else WRONG_COMMAND_LINE
    if known.explain is not None:
        return explain(known.explain)
    command: Callable[[argparse.Namespace], int] | None = getattr(known, "command", None)
    if command is None:
        parser.print_help(sys.stderr)
        return WRONG_COMMAND_LINE
    return command(known)


def make_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="pyc",
        description="Compiles statically typed Python to native x86-64: programs, UEFI applications, kernels.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pyc {VERSION}")
    parser.add_argument("--explain", metavar="CODE", help="explain a diagnostic such as E0307")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser, required=False)
    add_build(commands)
    add_run(commands)
    add_check(commands)
    return parser


def add_build(commands: argparse._SubParsersAction[Parser]) -> None:
    build = commands.add_parser(
        "build",
        help="compile a program, an EFI application or a kernel",
        description="Compile FILE and all it imports: a static Linux program, an EFI application, or a kernel.",
    )
    build.set_defaults(command=lambda known: lazily("build", known))
    build.add_argument("source", metavar="FILE", type=Path, help="the main module; what it imports is compiled with it")
    build.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="where to write the result (default: named after the source)"
    )
    build.add_argument(
        "--target", choices=sorted(TARGETS), default="program", help="what to make (default: %(default)s)"
    )
    build.add_argument("--strip", action="store_true", help="leave out symbols, section headers and debug information")
    build.add_argument(
        "--embed", metavar="NAME=FILE", action="append", default=[], help="FILE's bytes for embedded_file(NAME)"
    )
    add_common(build)
    build.add_argument(
        "-j", "--jobs", metavar="N", type=positive, help="compile with N processes (default: one per core)"
    )
    look = build.add_argument_group("looking inside")
    look.add_argument(
        "--emit",
        choices=[emit.value for emit in Emit],
        help="print the result of one stage instead of building; obj writes object files into a folder",
    )
    look.add_argument("--emit-after", metavar="PASS", help="with --emit ir: as it is after this pass")
    look.add_argument("--only", metavar="TEXT", help="with --emit types or ir: only functions whose name contains TEXT")
    look.add_argument("--time-passes", action="store_true", help="print how long every stage took")
    look.add_argument("--verify-each", action="store_true", help="check the compiler's own data after every pass")


def positive(text: str) -> int:
    """A number of processes."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= 1024:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1024")
    return number


def add_run(commands: argparse._SubParsersAction[Parser]) -> None:
    command = commands.add_parser(
        "run",
        help="compile a program and run it",
        usage="pyc run [-h] [--cpython] [-O0] [--debug] [--no-cache] FILE [ARGUMENT ...]",
        description="Compile FILE into the cache and run it. What follows FILE belongs to the program.",
    )
    command.set_defaults(command=lambda known: lazily("run", known))
    command.add_argument(
        "--cpython", action="store_true", help="run under CPython instead, with the integer widths exact"
    )
    add_common(command)
    command.add_argument("source", metavar="FILE", type=Path, help="the main module")
    command.add_argument(
        "arguments", metavar="ARGUMENT", nargs=argparse.REMAINDER, help="what the program gets as sys.argv[1:]"
    )


def add_check(commands: argparse._SubParsersAction[Parser]) -> None:
    command = commands.add_parser(
        "check",
        help="find mistakes without building",
        description="Check types, names and constants of each FILE and all it imports, without compiling.",
    )
    command.set_defaults(command=lambda known: lazily("check", known))
    command.add_argument(
        "source", metavar="FILE", type=Path, nargs="+", help="main modules; what they import is checked with them"
    )
    command.add_argument("--json", action="store_true", help="diagnostics as JSON, for editors")
    command.add_argument(
        "--target", choices=sorted(TARGETS), default="program", help="the target's rules (default: %(default)s)"
    )


def add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-O0", dest="optimise", action="store_false", help="do not optimise")
    parser.add_argument("--debug", action="store_true", help="for gdb: do not optimise, keep every line and argument")
    parser.add_argument("--no-cache", action="store_true", help="compile everything anew")


def lazily(name: str, known: argparse.Namespace) -> int:
    """Load a command's module only when it is called: `--help` and unchanged builds stay quick."""
    from importlib import import_module

    result = import_module(f"compiler.commands.{name}").run(known)
    assert isinstance(result, int)
    return result


def explain(code: str) -> int:
    """`pyc --explain CODE`."""
    from compiler.diagnostics.codes import CODES
    from compiler.diagnostics.codes import explain as explanation
    from compiler.diagnostics.suggest import closest

    text = explanation(code)
    if text is None:
        hint = closest(code.upper(), CODES)
        print(f"pyc: there is no diagnostic {code}" + (f"; did you mean {hint}?" if hint else ""), file=sys.stderr)
        return WRONG_COMMAND_LINE
    print(text, end="")
    return 0
