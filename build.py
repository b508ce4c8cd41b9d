"""The one door of this repository: set up, build, run, test.

    python3 build.py run        set up, build, boot in QEMU with the console in this terminal
    python3 build.py test       set up, run every test

Started by any Python 3.11 or later, it makes `.venv` from requirements.lock, starts itself again inside, and calls the
modules in tests/machine, which do the work. Exit codes: 0 fine, 1 the program is wrong, 2 the command line is wrong,
3 the machine lacks something, 4 our fault; 124 when a time limit was reached, 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")


def restart_with_newer_python() -> None:
    """An old `python3` may have a newer one beside it."""
    for name in NEWER_PYTHONS:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])
    version = ".".join(map(str, sys.version_info[:3]))
    sys.stderr.write(
        f"build.py: Python 3.11 or later is needed, this is {version}; install it with:\n"
        "  sudo apt-get update && sudo apt-get install -y python3.11 python3.11-venv\n"
    )
    sys.exit(3)


def start() -> int:
    """The way in: a good Python, then the command."""
    if sys.version_info < OLDEST_PYTHON:
        restart_with_newer_python()
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from tests.machine.problem import ExitCode, Problem

    try:
        return main(sys.argv[1:])
    except Problem as problem:
        sys.stdout.flush()
        sys.stderr.write(f"build.py: {problem.message}\n" if problem.message else "")
        return problem.code
    except KeyboardInterrupt:
        sys.stderr.write("\nbuild.py: interrupted\n")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`… | head`): nothing more to say, and no complaint at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.PROGRAM_WRONG


def main(words: list[str]) -> int:
    """Parse the command line, set up what the command needs, and do it."""
    from tests.machine import environment, packages, terminal
    from tests.machine import options as command_options
    from tests.machine.layout import VENV, VENV_PYTHON
    from tests.machine.progress import say

    arguments = command_options.parse(words)
    if arguments is None:
        return 2
    terminal.interrupt_on_signals()
    command = arguments.command
    if command == "clean":
        return clean(arguments)
    environment.prepare(say)
    packages.require(command_options.needed_tools(arguments), say)
    if command == "setup":
        say("ready: .venv/bin/pyc")
        return 0
    if Path(sys.prefix).resolve() != VENV.resolve():
        sys.stdout.flush()
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), str(ROOT / "build.py"), *words])
    return COMMANDS[command](arguments)


def run(arguments: argparse.Namespace) -> int:
    from tests.machine import run_command

    return run_command.run(arguments)


def debug(arguments: argparse.Namespace) -> int:
    from tests.machine import run_command

    return run_command.debug(arguments)


def build(_arguments: argparse.Namespace) -> int:
    from tests.machine import build_tree

    build_tree.build()
    return 0


def image(arguments: argparse.Namespace) -> int:
    from tests.machine import build_tree, disk_image
    from tests.machine.progress import say

    disk_image.refuse_device(arguments.output)
    disk_image.copy_to(build_tree.require_image(), arguments.output)
    say(f"wrote {arguments.output}")
    return 0


def check(arguments: argparse.Namespace) -> int:
    from tests.machine import check_command

    return check_command.check(fix=arguments.fix)


def test(arguments: argparse.Namespace) -> int:
    from tests.machine import check_command

    return check_command.test(arguments.pytest_arguments)


def clean(arguments: argparse.Namespace) -> int:
    from tests.machine import check_command

    return check_command.clean(everything=arguments.all)


def mutate(arguments: argparse.Namespace) -> int:
    from tests.machine import mutation

    return mutation.mutate(count=arguments.count, seed=arguments.seed, only=arguments.only, limit=arguments.limit)


def bench(arguments: argparse.Namespace) -> int:
    from tests.machine import bench_boot, bench_build

    measured = bench_boot.bench if arguments.what == "boot" else bench_build.bench
    return measured(rounds=arguments.rounds)


COMMANDS = {
    "run": run,
    "debug": debug,
    "build": build,
    "image": image,
    "check": check,
    "test": test,
    "mutate": mutate,
    "bench": bench,
}

if __name__ == "__main__":
    sys.exit(start())
