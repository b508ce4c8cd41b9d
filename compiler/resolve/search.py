"""Where modules are found.

CPython's order for a script: modules built into the interpreter, then the script's own folder, then the standard
library, then what is installed. Ours: the same names that a file cannot hide, the program's root, the compiler's
pseudo-modules, `runtime/std`, and the `runtime` package itself. Inside one folder a package goes before a module, and
a folder without `__init__.py` is a namespace package when nothing else has the name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from compiler.resolve.builtin_modules import BUILTIN_MODULES, UNSHADOWABLE_MODULES
from compiler.resolve.program import Origin

RUNTIME_PACKAGE = "runtime"
VOCABULARY_PACKAGE = "runtime.lang"
INITIALISER = "__init__.py"


@dataclass(frozen=True, slots=True)
class SearchPaths:
    """`root` holds the program's modules, `runtime_parent` the folder in which the `runtime` package lies.

    `root_label` is how the root is written in spans; `root_module` names the module the program starts with.
    """

    root: Path
    runtime_parent: Path
    root_label: str
    root_module: str

    @classmethod
    def for_script(cls, script: Path, runtime_parent: Path) -> SearchPaths:
        """A program started as `python script.py`: its folder is searched first and it is `__main__`."""
        label = script.parent.as_posix()
        return cls(script.parent, runtime_parent, "" if label == "." else label, "__main__")

    @classmethod
    def for_tree(cls, root_file: Path, tree_root: Path, runtime_parent: Path) -> SearchPaths:
        """A program inside a source tree, such as `kernel/main.py`: names are relative to `tree_root`."""
        relative = root_file.resolve().relative_to(tree_root.resolve())
        return cls(tree_root, runtime_parent, "", ".".join(relative.with_suffix("").parts))


@dataclass(frozen=True, slots=True)
class Found:
    """A module's place. `file` is None for a namespace package; `folder` holds the parts of a package."""

    name: str
    file: Path | None
    folder: Path | None
    label: str
    origin: Origin

    @property
    def is_package(self) -> bool:
        """Whether the module can have submodules."""
        return self.folder is not None


class Finder:
    """Finds modules by dotted name; answers are remembered."""

    def __init__(self, search: SearchPaths) -> None:
        self._search = search
        self._known: dict[str, Found | None] = {}

    def find(self, name: str) -> Found | None:
        """The place of a module that has a source, or None."""
        if name not in self._known:
            parent, _, last = name.rpartition(".")
            self._known[name] = self._find_part(parent, last) if parent else self._find_top(name)
        return self._known[name]

    def hidden_runtime_module(self, found: Found) -> bool:
        """Whether a file of the program hides a module of the same name that the runtime needs."""
        return found.origin is Origin.PROGRAM and (
            found.name in BUILTIN_MODULES or self._find_standard(found.name) is not None
        )

    def foreign_runtime(self, name: str) -> Path | None:
        """A file or folder `runtime` of the program's own that is not the installed package."""
        root = self._search.root
        if name.partition(".")[0] != RUNTIME_PACKAGE or root.resolve() == self._search.runtime_parent.resolve():
            return None
        found = _look_in(root, "", RUNTIME_PACKAGE, RUNTIME_PACKAGE, Origin.PROGRAM)
        return None if found is None else found.file

    def _find_top(self, name: str) -> Found | None:
        if name == RUNTIME_PACKAGE:
            return _look_in(self._search.runtime_parent, "", name, name, Origin.RUNTIME)
        if name in UNSHADOWABLE_MODULES:
            return self._find_standard(name)
        in_program = _look_in(self._search.root, self._search.root_label, name, name, Origin.PROGRAM)
        if in_program is not None and in_program.file is not None:
            return in_program
        if name in BUILTIN_MODULES:
            return None
        return self._find_standard(name) or in_program

    def _find_standard(self, name: str) -> Found | None:
        folder = self._search.runtime_parent / RUNTIME_PACKAGE / "std"
        return _look_in(folder, f"{RUNTIME_PACKAGE}/std", name, name, Origin.RUNTIME)

    def _find_part(self, parent: str, last: str) -> Found | None:
        package = self.find(parent)
        if package is None or package.folder is None:
            return None
        label = package.label.removesuffix(f"/{INITIALISER}")
        full = f"{parent}.{last}"
        is_vocabulary = full == VOCABULARY_PACKAGE or package.origin is Origin.VOCABULARY
        origin = Origin.VOCABULARY if is_vocabulary else package.origin
        return _look_in(package.folder, label, last, full, origin)

    def names_in(self, parent: str) -> Iterable[str]:
        """The names that could be imported from a package, or at the top; for suggestions."""
        if parent:
            package = self.find(parent)
            return _names_in(package.folder) if package is not None and package.folder is not None else []
        standard = self._search.runtime_parent / RUNTIME_PACKAGE / "std"
        tops = [name for name in BUILTIN_MODULES if "." not in name]
        return [*_names_in(self._search.root), *_names_in(standard), *tops, RUNTIME_PACKAGE]


def _look_in(folder: Path, label: str, last: str, full: str, origin: Origin) -> Found | None:
    prefix = f"{label}/" if label and not label.endswith("/") else label
    package, module = folder / last, folder / f"{last}.py"
    if _is_file(package / INITIALISER):
        return Found(full, package / INITIALISER, package, f"{prefix}{last}/{INITIALISER}", origin)
    if _is_file(module):
        return Found(full, module, None, f"{prefix}{last}.py", origin)
    if _is_folder(package):
        return Found(full, None, package, f"{prefix}{last}", origin)
    return None


def _is_file(path: Path) -> bool:
    """Whether a file is there; a name too long or a folder that may not be searched holds none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _names_in(folder: Path) -> list[str]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    names = [entry.stem for entry in entries if entry.suffix == ".py" or _is_file(entry / INITIALISER)]
    return [name for name in names if name.isidentifier() and name != "__init__"]
