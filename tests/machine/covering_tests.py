"""Which tests judge a module: its mirrored test file, and every test file that imports it.

A test also judges what its imports are made of inside the same folder: a test of `kernel.fs.fat.volume` judges
`kernel.fs.fat.table`, but not the runtime. Imports are read from the source, nothing is executed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Tests that run the whole way through; asked when the nearest ones noticed nothing.
WIDE_TESTS = {
    "compiler": ("tests/test_cases.py", "tests/compiler/test_cases.py"),
    "runtime": ("tests/test_cases.py", "tests/compiler/test_cases.py"),
}


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


@dataclass(frozen=True)
class Coverage:
    """The imports of every source and test file below a root, read once."""

    root: Path
    _imports: dict[Path, frozenset[str]] = field(default_factory=dict)

    def imports(self, path: Path) -> frozenset[str]:
        if path not in self._imports:
            self._imports[path] = imports_of(self.root / path)
        return self._imports[path]

    def test_files(self) -> list[Path]:
        found = (self.root / "tests").rglob("test_*.py")
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

    def tests_of(self, path: Path) -> tuple[str, ...]:
        """The tests of a module, nearest first; empty when only a running machine can judge it."""
        mirrored = Path("tests") / path.parent / f"test_{path.stem}.py"
        tests = self.test_files()
        own = {module_of(path)}
        direct = [test for test in tests if self.imports(test) & own]
        indirect = [test for test in tests if self.imports(test) & self.users_in_folder(path)]
        mirror = [mirrored] if mirrored in tests else []
        wide = [Path(name) for name in WIDE_TESTS.get(path.parts[0], ()) if (self.root / name).exists()]
        return tuple(dict.fromkeys(map(str, [*mirror, *direct, *indirect, *wide])))
