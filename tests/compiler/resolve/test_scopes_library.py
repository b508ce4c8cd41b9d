"""Every scope of CPython's standard library, judged by CPython's own symtable."""

from __future__ import annotations

import symtable
import sys
import warnings
from pathlib import Path

import pytest

from compiler.diagnostics.sink import DiagnosticSink
from compiler.resolve.bind import bind_module
from compiler.resolve.scopes import Scope
from compiler.resolve.symbols import SymbolKind
from compiler.syntax.parse import parse_module
from tests.compiler.syntax.library_sources import existing_files

# Include/internal/pycore_symtable.h: LOCAL, GLOBAL_EXPLICIT, GLOBAL_IMPLICIT, FREE, CELL.
KINDS: dict[int, SymbolKind] = {
    1: SymbolKind.LOCAL,
    2: SymbolKind.GLOBAL_EXPLICIT,
    3: SymbolKind.GLOBAL_IMPLICIT,
    4: SymbolKind.FREE,
    5: SymbolKind.CELL,
}
# In a module CPython marks what functions declare global; for us it is a variable of the module like any other.
IN_MODULE: dict[SymbolKind, SymbolKind] = {SymbolKind.GLOBAL_EXPLICIT: SymbolKind.LOCAL}

pytestmark = pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="symtable differs between versions; 3.11 is the oracle"
)


@pytest.mark.parametrize("path", existing_files(), ids=lambda path: path.name)
def test_scopes_of_a_library_file_are_those_of_symtable(path: Path) -> None:
    sink = DiagnosticSink()
    module = parse_module(path.read_bytes(), path.name, "library", sink)
    assert module is not None
    ours = bind_module(module, DiagnosticSink()).module
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = symtable.symtable(module.source, path.name, "exec")
    compare(ours, theirs, path.stem)


def compare(ours: Scope, theirs: symtable.SymbolTable, where: str) -> None:
    assert names_of(ours) == names_of_symtable(theirs), where
    children = [child for child in theirs.get_children() if child.get_name() != "_annotation"]
    assert [child.name for child in ours.children] == [child.get_name() for child in children], where
    for child, other in zip(ours.children, children, strict=True):
        compare(child, other, f"{where}.{child.name}")


Row = tuple[SymbolKind, bool, bool, bool, bool]


def names_of(scope: Scope) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for name, symbol in scope.symbols.items():
        kind: SymbolKind = symbol.kind
        if kind is SymbolKind.BUILTIN:
            kind = SymbolKind.GLOBAL_IMPLICIT
        if scope.parent is None:
            kind = IN_MODULE.get(kind, kind)
        is_used = symbol.is_used
        rows[name] = (kind, symbol.is_parameter, symbol.is_imported, is_used, symbol.is_declared_nonlocal)
    return rows


def names_of_symtable(table: symtable.SymbolTable) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for symbol in table.get_symbols():
        kind = KINDS[symbol._Symbol__scope]  # type: ignore[attr-defined]
        kind = kind if table.get_type() != "module" else IN_MODULE.get(kind, kind)
        flags = (symbol.is_parameter(), symbol.is_imported(), symbol.is_referenced(), symbol.is_nonlocal())
        rows[symbol.get_name()] = (kind, *flags)
    return rows
