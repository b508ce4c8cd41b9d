"""Which tests judge a module, in the order in which they are asked.

First the nearest: its mirrored test file and every test file that imports it. Then the wide ones, which go the whole
way from source to running program, quickly. Last those of the mirrored folder and the others that test what stands on
the module inside its folder: a test of `kernel.fs.fat.volume` judges `kernel.fs.fat.table`, but not the runtime.
Imports are read from the source, nothing is executed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Tests that run the whole way through, quickest first; asked when the nearer ones noticed nothing.
WHOLE_WAY = ("tests/compiler/test_cases_together.py", "tests/compiler/lower/test_run_lowered.py")
# Debug information, object files and dumps, judged by readelf, objdump and gdb.
WHOLE_OUTPUTS = "tests/compiler/test_outputs.py"
WIDE_TESTS = {
    "compiler": WHOLE_WAY,
    "compiler/commands": ("tests/compiler/test_command_line.py",),
    "compiler/hosted": (),
    "compiler/image": (),
    "compiler/codegen": (*WHOLE_WAY, WHOLE_OUTPUTS),
    "compiler/passes": (*WHOLE_WAY, "tests/compiler/test_pipeline.py"),
    "runtime": WHOLE_WAY,
    "runtime/host": (),
    "runtime/start": (*WHOLE_WAY, "tests/runtime/std/test_programs.py"),
    "runtime/std": (*WHOLE_WAY, "tests/runtime/std/test_programs.py"),
}
Groups = tuple[tuple[str, ...], ...]


def module_of(path: Path) -> str:
    """`kernel/fs/fat/table.py` → `kernel.fs.fat.table`."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(file: Path) -> frozenset[str]:
    """Every module named by an import; of `from a import b`, both `a` and `a.b`."""
    return frozenset(imported_names(ast.parse(file.read_bytes())))


def imported_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def wide_tests(path: Path) -> tuple[str, ...]:
    """The row of WIDE_TESTS with the longest matching folder."""
    folders = [parent.as_posix() for parent in path.parents]
    return next((WIDE_TESTS[folder] for folder in folders if folder in WIDE_TESTS), ())


def without_repeats(groups: Iterable[Iterable[str]]) -> Groups:
    """Each test once, in the first group that has it; empty groups are left out."""
    seen: set[str] = set()
    kept: list[tuple[str, ...]] = []
    for group in groups:
        new = tuple(test for test in dict.fromkeys(group) if test not in seen)
        seen.update(new)
        if new:
            kept.append(new)
    return tuple(kept)


@dataclass(frozen=True)
class Coverage:
    """The imports of every source and test file below a root, read once."""

    root: Path
    _imports: dict[Path, frozenset[str]] = field(default_factory=dict)

    def imports(self, path: Path) -> frozenset[str]:
        if path not in self._imports:
            self._imports[path] = imports_of(self.root / path)
        return self._imports[path]

    def test_files(self, folder: Path) -> list[Path]:
        found = (self.root / "tests" / folder).rglob("test_*.py")
        return sorted(path.relative_to(self.root) for path in found)

    def siblings(self, path: Path) -> list[Path]:
        """Modules of the same folder and below."""
        return sorted(found.relative_to(self.root) for found in (self.root / path.parent).rglob("*.py"))

    def users_in_folder(self, path: Path) -> set[str]:
        """The module itself, and those of its folder that stand on it, however indirectly."""
        users = {module_of(path)}
        siblings = self.siblings(path)
        while True:
            more = {module_of(other) for other in siblings if self.imports(other) & users} - users
            if not more:
                return users
            users |= more

    def groups_of(self, path: Path) -> Groups:
        """The tests of a module, nearest group first; empty when only a running machine can judge it."""
        mirrored = Path("tests") / path.parent / f"test_{path.stem}.py"
        tests = self.test_files(Path(path.parts[0]))
        own = {module_of(path)}
        direct = [test for test in tests if test == mirrored or self.imports(test) & own]
        users = self.users_in_folder(path)
        indirect = [test for test in tests if self.imports(test) & users]
        folder = [test for test in indirect if Path("tests") / path.parent in test.parents]
        nearest = sorted(direct, key=lambda test: test != mirrored)
        wide = [name for name in wide_tests(path) if (self.root / name).exists()]
        return without_repeats([map(str, nearest), wide, map(str, folder), map(str, indirect)])
