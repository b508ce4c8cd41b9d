"""The shape of the source tree, judged by reading every import: ranks, stages, cycles, docstrings, names, sizes.

The tables of ranks and stages are in pyproject.toml; a new folder is entered there, so that its place is a decision.
"""

from __future__ import annotations

import ast
import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE_FOLDERS = ("compiler", "runtime", "kernel", "user")
LONGEST_FILE_LINES = 600
GENERIC_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "stuff", "shared", "lib2", "tools"}
# Host code inside the runtime's folder: it runs on CPython only and is never compiled.
HOST_FOLDERS = ("runtime.host",)


@dataclass(frozen=True, slots=True)
class Import:
    """One import of a module of this repository."""

    importer: str
    imported: str
    line: int
    in_function: bool

    def __str__(self) -> str:
        return f"{self.importer} (line {self.line}) imports {self.imported}"


def source_paths(*folders: str) -> list[Path]:
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in paths if "__pycache__" not in path.parts)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def syntax_tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes(), str(path))


@functools.cache
def known_modules() -> frozenset[str]:
    return frozenset(module_name(path) for path in source_paths(*SOURCE_FOLDERS, "tests"))


def is_type_checking(node: ast.AST) -> bool:
    """`if TYPE_CHECKING:`: for the checker's eyes only, so it orders nothing at run time."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def import_nodes(node: ast.AST, *, in_function: bool = False) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, in_function
        elif is_type_checking(child):
            continue
        else:
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            yield from import_nodes(child, in_function=in_function or is_function)


def imported_names(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """`from package import module` imports the module, when there is one."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    for alias in node.names:
        full = f"{node.module}.{alias.name}"
        yield full if full in known_modules() else str(node.module)


def imports_of(path: Path) -> list[Import]:
    importer = module_name(path)
    return [
        Import(importer, name, node.lineno, in_function)
        for node, in_function in import_nodes(syntax_tree(path))
        for name in imported_names(node)
        if name.split(".")[0] in {*SOURCE_FOLDERS, "tests"}
    ]


@functools.cache
def all_imports() -> tuple[Import, ...]:
    return tuple(found for path in source_paths(*SOURCE_FOLDERS) for found in imports_of(path))


def imports_from(folder: str) -> list[Import]:
    return [found for found in all_imports() if found.importer.split(".")[0] == folder]


@functools.cache
def project_tables() -> dict[str, dict[str, object]]:
    tables: dict[str, dict[str, object]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pyc"]
    return tables


def second_part(module: str) -> str:
    """`kernel.fs.fat` → `fs`."""
    return [*module.split("."), ""][1]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_kernel_imports_go_down_the_ranks() -> None:
    ranks = project_tables()["kernel-ranks"]
    wrong = []
    for found in imports_from("kernel"):
        upper, lower = second_part(found.importer), second_part(found.imported)
        if found.imported.split(".")[0] != "kernel" or upper == lower or not lower:
            continue
        if upper not in ranks or lower not in ranks:
            wrong.append(f"{found}: enter {upper} and {lower} in [tool.pyc.kernel-ranks]")
        elif not ranks[lower] < ranks[upper]:  # type: ignore[operator]
            wrong.append(f"{found}: rank {ranks[upper]} may import smaller ranks only, not {ranks[lower]}")
    assert wrong == []


def test_compiler_stages_import_nouns_only() -> None:
    table = project_tables()["compiler-imports"]
    wrong = []
    for found in imports_from("compiler"):
        stage, target = second_part(found.importer), second_part(found.imported)
        # The pipeline and the command line know every stage; that is what they are for.
        if found.imported.split(".")[0] != "compiler" or stage == target or stage not in table:
            continue
        allowed = table[stage]
        assert isinstance(allowed, list)
        inner = found.imported.removeprefix("compiler.")
        if not any(inner == name or inner.startswith(name + ".") for name in allowed):
            wrong.append(f"{found}: {stage} may import {', '.join(allowed) or 'nothing'}")
    assert wrong == []


def test_every_compiler_folder_is_in_the_table() -> None:
    folders = {path.parent.name for path in (ROOT / "compiler").glob("*/__init__.py")}
    assert folders - set(project_tables()["compiler-imports"]) == set()


def test_compiled_code_never_imports_the_compiler_or_tests() -> None:
    wrong = [
        str(found)
        for folder in ("runtime", "kernel", "user")
        for found in imports_from(folder)
        if found.imported.split(".")[0] in {"compiler", "tests"} and not found.importer.startswith(HOST_FOLDERS)
    ]
    assert wrong == []


def test_lower_halves_never_import_upper_ones() -> None:
    """The compiler knows no kernel and no program; the runtime knows neither; the kernel knows no program."""
    upper = {"compiler": {"kernel", "user"}, "runtime": {"kernel", "user"}, "kernel": {"user"}, "user": {"kernel"}}
    wrong = [
        str(found)
        for folder, forbidden in upper.items()
        for found in imports_from(folder)
        if found.imported.split(".")[0] in forbidden
    ]
    assert wrong == []


def test_kernel_imports_stand_at_the_top() -> None:
    wrong = [str(found) for found in imports_from("kernel") if found.in_function]
    assert wrong == []


def test_no_import_cycles() -> None:
    edges: dict[str, set[str]] = {}
    for found in all_imports():
        if found.imported in known_modules() and found.imported != found.importer:
            edges.setdefault(found.importer, set()).add(found.imported)
    assert find_cycle(edges) == []


def find_cycle(edges: dict[str, set[str]]) -> list[str]:
    """One cycle as a path that ends where it began, or nothing."""
    finished: set[str] = set()
    for start in sorted(edges):
        path: list[str] = []
        if found := visit(start, edges, path, finished):
            return found
    return []


def visit(module: str, edges: dict[str, set[str]], path: list[str], finished: set[str]) -> list[str]:
    if module in path:
        return [*path[path.index(module) :], module]
    if module in finished:
        return []
    path.append(module)
    for target in sorted(edges.get(module, ())):
        if found := visit(target, edges, path, finished):
            return found
    path.pop()
    finished.add(module)
    return []


@pytest.mark.parametrize(
    ("edges", "cycle"),
    [
        ({"a": {"b"}, "b": {"c"}}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}}, ["b", "c", "b"]),
        ({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}}, []),
    ],
)
def test_cycles_are_found(edges: dict[str, set[str]], cycle: list[str]) -> None:
    assert find_cycle(edges) == cycle


def test_every_module_begins_with_a_docstring() -> None:
    paths = [path for path in source_paths(*SOURCE_FOLDERS, "tests") if "cases" not in path.parts]
    assert [relative(path) for path in paths if not ast.get_docstring(syntax_tree(path))] == []


def test_no_generic_file_names() -> None:
    paths = source_paths(*SOURCE_FOLDERS, "tests")
    names = {relative(path): {path.stem, path.parent.name} for path in paths if "cases" not in path.parts}
    assert [path for path, parts in names.items() if parts & GENERIC_NAMES] == []


def is_generated(path: Path) -> bool:
    """Tables written by a program say so at the beginning of a line of their docstring."""
    return "\nGenerated from " in (ast.get_docstring(syntax_tree(path)) or "")


def test_no_file_is_too_long() -> None:
    paths = [path for path in source_paths("compiler", "runtime", "kernel") if not is_generated(path)]
    lengths = {relative(path): path.read_bytes().count(b"\n") for path in paths}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE_LINES} == {}


def test_only_codegen_knows_llvm() -> None:
    wrong = []
    for path in source_paths("compiler"):
        for node, _ in import_nodes(syntax_tree(path)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            if any(name.split(".")[0] == "llvmlite" for name in names) and "codegen" not in path.parts:
                wrong.append(relative(path))
    assert wrong == []


def test_the_root_holds_only_what_belongs_there() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    allowed = {*SOURCE_FOLDERS, "tests", "docs", "build"}
    assert {name for name in folders - allowed if not name.endswith(".egg-info")} == set()
