"""Printing the tree gives source that CPython parses to the same ast: nothing was lost or moved in the copy."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

import pytest

from compiler.diagnostics.sink import DiagnosticSink
from compiler.syntax.parse import parse_module
from compiler.syntax.unparse import unparse
from compiler.syntax.unparse_expressions import CannotBeWritten
from tests.compiler.syntax.library_sources import existing_files

# What a tree after a refusal cannot be compared for: coroutines became functions, a star import lost its star.
INCOMPARABLE = {"E0110", "E0111"}


@pytest.mark.parametrize("path", existing_files(), ids=lambda path: path.name)
def test_library_file_survives_printing(path: Path) -> None:
    sink = DiagnosticSink(limit=100_000)
    module = parse_module(path.read_bytes(), path.name, "library", sink)
    assert module is not None
    if any(one.code in INCOMPARABLE for one in sink.diagnostics()):
        pytest.skip("holds constructs the tree does not keep")
    try:
        text = unparse(module)
    except CannotBeWritten:
        pytest.skip("holds an f-string that has no second spelling before Python 3.12")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert shape(text) == shape(module.source)


def shape(text: str) -> str:
    parsed = ast.parse(text)
    for node in ast.walk(parsed):
        if isinstance(node, ast.Constant):
            node.kind = None  # the `u` of u"text" means nothing
    return ast.dump(parsed)


SNIPPETS = [
    "def f[T: int, *Ts, **P](x: T) -> T: return x\nclass A[T]: pass\ntype B[T] = list[T]",
    "def f(a: int, /, b: int = 1, *c: int, d: int, **e: int) -> None: pass\nlambda *, a, b=1: 0",
    "x[1:2, ::3] = y[...,] = z[*a] = [*b, c]",
    "f'{a!r:>{w}.{p}} {{}} \\n {b[\"k\"]}' 'tail'",
    "match a:\n  case -1 | 1 + 2j | 'a' 'b' | None: pass\n  case {'k': [1, *_], **r} if r: pass\n"
    "  case P.Q(a, b=(c as d)): pass\n  case (1, 2): pass\n  case _: pass",
    "try: pass\nexcept* (A, B) as e: raise X from e\nfinally: pass",
    "(x): int = 1\ny: str\na.b: int\nc += 1; d @= 2; e **= 3; g >>= 4",
    "with (a as b, c): pass\nfor x, in y: break\nelse: continue_ = 1",
    "1e400; -1e400j; 10**3; (1).real; not a in b is not c < d",
]


@pytest.mark.parametrize("source", SNIPPETS)
def test_snippet_survives_printing(source: str) -> None:
    try:
        expected = shape(source)
    except SyntaxError:
        pytest.skip("the host's Python does not parse this yet")
    module = parse_module(source, "file.py", "module", DiagnosticSink())
    assert module is not None
    assert shape(unparse(module)) == expected
