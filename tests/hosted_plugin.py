"""Pytest plugin: the modules under test are imported with the language's integer conversions written into them.

Without it a plain `int` would stand where the compiled code has a u8, and a test would pass what the machine refuses.
A module that the checker does not accept yet is imported as it is; `NOT_YET` names those, and
tests/compiler/hosted/test_source_tree.py keeps the list exact.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType

from compiler.hosted.source_tree import Package, RewrittenPackage, rewritten_package
from runtime.host.activation import activate

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = (Package("kernel", is_kernel=True), Package("runtime.core"), Package("runtime.abi"), Package("user"))
NOT_YET: frozenset[str] = frozenset()
"""Modules that the checker refuses so far, and tests therefore import unconverted."""


@functools.cache
def package_now(package: Package) -> RewrittenPackage:
    """The package as it is on disk when the first of its modules is imported.

    A checker that breaks must not take every test along: the modules are imported plain then, and one test says why.
    """
    try:
        return rewritten_package(ROOT, package)
    except Exception as fault:
        return RewrittenPackage(refused={package.name: f"the checker failed: {type(fault).__name__}: {fault}"})


class RewrittenLoader(importlib.abc.InspectLoader):
    """Gives a module its rewritten code, or the code of the plain file where there is none.

    The package is checked here, not in the finder: finders run under the interpreter's one import lock, and the
    checker works on a thread of its own.
    """

    def __init__(self, package: Package, path: Path) -> None:
        self.package = package
        self.path = path

    def get_code(self, fullname: str) -> CodeType:
        code = package_now(self.package).codes.get(fullname)
        return code if code is not None else compile(self.path.read_bytes(), self.path, "exec", dont_inherit=True)

    def get_source(self, fullname: str) -> str:
        return self.path.read_text("utf-8")


class RewrittenFinder(importlib.abc.MetaPathFinder):
    """Finds the modules of PACKAGES; everything else is left to the ordinary finders."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        package = next((p for p in PACKAGES if fullname == p.name or fullname.startswith(p.name + ".")), None)
        if package is None:
            return None
        place = ROOT.joinpath(*fullname.split("."))
        is_package = (place / "__init__.py").is_file()
        filename = place / "__init__.py" if is_package else place.with_suffix(".py")
        if not filename.is_file():
            return None
        loader = RewrittenLoader(package, filename)
        folders = [str(place)] if is_package else None
        return importlib.util.spec_from_file_location(
            fullname, filename, loader=loader, submodule_search_locations=folders
        )


activate()
sys.meta_path.insert(0, RewrittenFinder())
