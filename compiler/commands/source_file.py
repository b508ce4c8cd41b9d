"""The file that a command line names: refused before any work when it cannot be a main module."""

from __future__ import annotations

import os
from pathlib import Path

from compiler.commands.reporting import complain


def usable_source(source: Path) -> bool:
    """Whether the file can be read; says why not."""
    problem = problem_with(source)
    if problem is not None:
        complain(problem)
    return problem is None


def problem_with(source: Path) -> str | None:
    try:
        str(source).encode()
    except UnicodeEncodeError:
        return f"the name {source} is not UTF-8, so no traceback could show it; rename the file"
    try:
        if source.is_dir():
            return f"{source} is a folder; name the main module in it"
        if not os.path.lexists(source):
            return f"there is no file {source}" + similar(source)
        if not source.is_file():
            return f"{source} is not a regular file"
        with source.open("rb"):
            return None
    except OSError as error:
        return f"{source}: {error.strerror}"
    except ValueError:
        return f"{str(source)!r} is not a file name"


def similar(source: Path) -> str:
    """The file that was probably meant."""
    from compiler.diagnostics.suggest import closest

    if source.suffix == "" and source.with_name(f"{source.name}.py").is_file():
        return f"; did you mean {source.name}.py?"
    try:
        names = [entry.name for entry in source.parent.iterdir() if entry.suffix == ".py"]
    except OSError:
        return ""
    hint = closest(source.name, names)
    return f"; did you mean {hint}?" if hint else ""
