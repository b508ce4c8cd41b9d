"""Binding names: kinds in small programs, and what is reported."""

from __future__ import annotations

import pytest

from compiler.diagnostics.sink import DiagnosticSink
from compiler.resolve.bind import bind_module
from compiler.resolve.scopes import ModuleScopes, mangled
from compiler.resolve.symbols import SymbolKind
from compiler.syntax import tree
from compiler.syntax.parse import parse_module
from tests.compiler.diagnostics.fragments import fragment


def bind(source: str) -> tuple[tree.Module, ModuleScopes, DiagnosticSink]:
    sink = DiagnosticSink()
    module = parse_module(source, "file.py", "module", sink)
    assert module is not None, sink.diagnostics()
    return module, bind_module(module, sink), sink


def reports(source: str) -> list[tuple[str, str, str | None]]:
    """Code, underlined text and suggestion of every report."""
    _, _, sink = bind(source)
    return [(one.code, fragment(sink, one.span), one.suggestion) for one in sink.diagnostics()]


def test_a_closure_shares_a_cell() -> None:
    module, scopes, _ = bind("def outer(a: int):\n  b = 1\n  def inner(): return a + c\n  c = 2\n  return inner")
    (outer,) = module.body
    assert isinstance(outer, tree.FunctionDefinition)
    inner = outer.body[1]
    assert isinstance(inner, tree.FunctionDefinition)
    assert scopes.function_scope(outer).cells == ("a", "c")
    assert scopes.function_scope(outer).locals == ("a", "b", "inner", "c")
    assert scopes.function_scope(inner).frees == ("a", "c")


def test_global_and_builtin_are_told_apart() -> None:
    module, scopes, _ = bind("count = 0\ndef f():\n  global count, made\n  made = count = len([count])\nprint(made)")
    function = module.body[1]
    assert isinstance(function, tree.FunctionDefinition)
    scope = scopes.function_scope(function)
    assert scope.declared_globals == ("count", "made")
    length = scope.lookup("len")
    assert length is not None and length.kind is SymbolKind.BUILTIN
    made = scopes.module.lookup("made")
    assert made is not None and made.kind is SymbolKind.GLOBAL_EXPLICIT


def test_private_names_are_mangled_by_the_class() -> None:
    module, scopes, _ = bind("class _Node:\n  __count = 0\n  def f(self): return __count")
    (definition,) = module.body
    assert isinstance(definition, tree.ClassDefinition)
    assert "_Node__count" in scopes.class_scope(definition).symbols
    assert scopes.class_scope(definition).lookup("__count") is not None
    assert mangled("__init__", "A") == "__init__" and mangled("__x", "__") == "__x"


def test_generators_are_known() -> None:
    module, scopes, _ = bind("def f():\n  yield 1\ndef g():\n  return (lambda: (yield))")
    first, second = module.body
    assert isinstance(first, tree.FunctionDefinition) and isinstance(second, tree.FunctionDefinition)
    assert scopes.function_scope(first).is_generator and not scopes.function_scope(second).is_generator


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("total = 1\nprint(totl)", ("E0201", "totl", "total")),
        ("def f(width: int): return widht", ("E0201", "widht", "width")),
        ("def f(x: strr): pass", ("E0201", "strr", "str")),
        ("from __future__ import annotations\ndef f(x: Nod): pass\nclass Node: pass", ("E0201", "Nod", "Node")),
        ("class A:\n  x = 1\n  def f(self): return x", ("E0201", "x", None)),
        ("[item for item in items]", ("E0201", "items", None)),
        ("eval('1')", ("E0114", "eval", "call a function, or parse the text yourself")),
        ("run = exec", ("E0114", "exec", "call a function")),
        ("globals()", ("E0115", "globals", "keep the values in a `dict[str, …]`")),
        (
            "def f(o: object, n: str): return getattr(o, n)",
            ("E0116", "getattr(o, n)", "keep the values in a `dict[str, …]`"),
        ),
    ],
)
def test_one_report(source: str, expected: tuple[str, str, str | None]) -> None:
    assert reports(source) == [expected]


@pytest.mark.parametrize(
    "source",
    [
        "def f(): return later\nlater = 1",
        "def f():\n  global made\n  made = 1\ndef g(): return made",
        "if __name__ == '__main__': print(__file__, __doc__)",
        "class A:\n  name = __qualname__\n  def f(self): return __class__",
        "def compile(text: str) -> str: return text\ncompile('x')",
        "x = [y := 1 for _ in range(3)]\nprint(y)",
        "getattr(print, 'name')",
        "for i in range(3): pass\nelse: del i\nprint(i)",
        "try: pass\nexcept OSError as error: print(error)",
        "import os.path\nprint(os)",
        "match 1:\n  case [a, *b] | {'k': a, **b}: print(a, b)",
        "def f():\n  class Local: pass\n  def g(x: Local) -> Local: return x\n  return g",
    ],
)
def test_nothing_to_report(source: str) -> None:
    assert reports(source) == []


FOR_CHECKERS = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  from enum import Enum\n"
FUTURE = "from __future__ import annotations\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (FUTURE + FOR_CHECKERS + "x: Enum\ndef f(x: Enum) -> Enum: pass", []),
        (FOR_CHECKERS + "def f(x: 'Enum'): y: Enum", []),
        (FOR_CHECKERS + "else:\n  Enum = 1\nprint(Enum)", []),
        (FOR_CHECKERS + "print(Enum)", [("E0207", "Enum", "move it out of the `if`")]),
        (FOR_CHECKERS + "def f(x: Enum): pass", [("E0207", "Enum", "add `from __future__ import annotations`")]),
        (FOR_CHECKERS + "class A:\n  x: Enum", [("E0207", "Enum", "add `from __future__ import annotations`")]),
    ],
)
def test_a_name_for_type_checkers_has_no_value(source: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert reports(source) == expected
