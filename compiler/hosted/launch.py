"""Runs a bundle as CPython runs a script: `python launch.py BUNDLE_DESCRIPTOR SCRIPT [ARGUMENT…]`.

Executed as a file in a process of its own, in which the program is `__main__`, `sys.argv` and `sys.path` are a
script's, and no module but the runtime's is loaded that the program did not ask for. Exit codes, signals and uncaught
exceptions are the interpreter's own affair; only the frames of this file and of the width classes are taken out of
tracebacks, for they are no part of the program.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import marshal
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType, TracebackType

LAUNCHER = Path(__file__).absolute()
REPOSITORY = LAUNCHER.parent.parent.parent
FOREIGN = (str(LAUNCHER), "<frozen importlib", *(f"{REPOSITORY}/runtime/{part}/" for part in ("lang", "host")))
"""Beginnings of the file names of code that is no part of the program."""

MAIN = "__main__"

Bundle = dict[str, tuple[str, bool, CodeType]]
"""By module name: its file, whether it is a package, its code."""


class BundleLoader(importlib.abc.InspectLoader):
    """Gives a module the code that the bundle holds for it."""

    def __init__(self, code: CodeType) -> None:
        self.code = code

    def get_code(self, fullname: str) -> CodeType:
        return self.code

    def get_source(self, fullname: str) -> str | None:
        return None


class BundleFinder(importlib.abc.MetaPathFinder):
    """Finds the modules of the bundle before any folder is searched."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        entry = self.bundle.get(fullname)
        if entry is None:
            return None
        filename, is_package, code = entry
        folders = [str(Path(filename).parent)] if is_package else None
        return importlib.util.spec_from_file_location(
            fullname, filename, loader=BundleLoader(code), submodule_search_locations=folders
        )


def main(arguments: list[str]) -> None:
    """Take the bundle from its descriptor and run it."""
    descriptor = int(arguments[0])
    with os.fdopen(descriptor, "rb") as stream:
        bundle: Bundle = marshal.loads(stream.read())
    activate_widths()
    filename, _, code = bundle.pop(MAIN)
    sys.argv = arguments[1:]
    sys.path[:] = [
        str(Path(filename).resolve().parent),
        *(folder for folder in sys.path if folder != str(LAUNCHER.parent)),
    ]
    sys.meta_path.insert(0, BundleFinder(bundle))
    sys.excepthook = show_uncaught
    run_main(filename, code)


def activate_widths() -> None:
    """Load the runtime package from beside the compiler, wherever the program's own path leads."""
    sys.path.insert(0, str(REPOSITORY))
    try:
        from runtime.host.activation import activate
    finally:
        sys.path.remove(str(REPOSITORY))
    activate()


def run_main(filename: str, code: CodeType) -> None:
    """Execute the code as the module `__main__`, with the attributes CPython gives a script."""
    module = ModuleType(MAIN)
    module.__dict__.update(
        __file__=filename, __builtins__=__builtins__, __cached__=None, __loader__=None, __spec__=None
    )
    sys.modules[MAIN] = module
    exec(code, module.__dict__)  # the one thing this file is for


# --- uncaught exceptions ----------------------------------------------------------------------------------------------


def show_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What the interpreter prints for an uncaught exception, of the program's frames alone."""
    seen: set[int] = set()
    strip_chain(error, seen)
    traceback.print_exception(kind, error, own_frames(trace))


def strip_chain(error: BaseException | None, seen: set[int]) -> None:
    """Take foreign frames out of an exception and those it came from."""
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        error.__traceback__ = own_frames(error.__traceback__)
        strip_chain(error.__cause__, seen)
        error = error.__context__


def own_frames(trace: TracebackType | None) -> TracebackType | None:
    """The traceback without the frames that are not the program's."""
    kept: list[TracebackType] = []
    while trace is not None:
        if not is_foreign(trace.tb_frame.f_code.co_filename):
            kept.append(trace)
        trace = trace.tb_next
    inner: TracebackType | None = None
    for entry in reversed(kept):
        inner = TracebackType(inner, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return inner


def is_foreign(filename: str) -> bool:
    return filename.startswith(FOREIGN)


if __name__ == "__main__":
    main(sys.argv[1:])
