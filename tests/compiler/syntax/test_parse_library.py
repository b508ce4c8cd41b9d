"""Parsing CPython's standard library: no internal error, and every span is `ast`'s."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from pathlib import Path

import pytest

from compiler.diagnostics.sink import DiagnosticSink
from compiler.syntax import tree
from compiler.syntax.dump import dump
from compiler.syntax.parse import decode_source, parse_module
from tests.compiler.syntax.library_sources import existing_files

# What `ast` places and we do not keep as a node of its own, or place ourselves because `ast` does not.
PLACED_BY_US = (tree.ComprehensionClause, tree.WithItem, tree.MatchCase, tree.Parameters, tree.Module)
POSITIONS = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def all_nodes(node: tree.Node) -> list[tree.Node]:
    found, pending = [], [node]
    while pending:
        one = pending.pop()
        found.append(one)
        for name in one.__dataclass_fields__:
            value = getattr(one, name)
            pending.extend(child for child in (value if isinstance(value, tuple) else (value,)) if is_node(child))
    return found


def is_node(value: object) -> bool:
    return isinstance(value, tree.Node)


def spans_of_ast(text: str) -> Counter[tuple[object, ...]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = ast.parse(text)
    return Counter(
        tuple(getattr(node, name) for name in POSITIONS)
        for node in ast.walk(parsed)
        if "lineno" in node._attributes and not isinstance(node, ast.Await)
    )


@pytest.mark.parametrize("path", existing_files(), ids=lambda path: path.name)
def test_every_span_of_a_library_file_is_the_one_of_ast(path: Path) -> None:
    sink = DiagnosticSink(limit=100_000)
    module = parse_module(path.read_bytes(), path.name, "library", sink)
    assert module is not None, sink.diagnostics()
    codes = {one.code for one in sink.diagnostics()}
    assert codes <= {"E0110", "E0111", "E0112", "E0113", "E0117"}
    text = decode_source(path.read_bytes(), path.name, DiagnosticSink())
    assert text is not None
    ours: Counter[tuple[object, ...]] = Counter(
        node.span[1:] for node in all_nodes(module) if not isinstance(node, PLACED_BY_US)
    )
    stars = {one.span for one in sink.diagnostics() if one.code == "E0111"}
    expected = spans_of_ast(text)
    expected.subtract(Counter(span[1:] for span in stars))  # a refused `*` leaves no node
    assert ours == +expected
    assert dump(module).count("\n") >= len(module.body)
