"""Parsing small programs: the shape of the tree, refusals, and hostile text."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span
from compiler.syntax import tree
from compiler.syntax.dump import dump
from compiler.syntax.parse import parse_expression_text, parse_module
from tests.compiler.diagnostics.fragments import fragment, only


def parse(source: str | bytes) -> tree.Module:
    sink = DiagnosticSink()
    module = parse_module(source, "file.py", "module", sink)
    assert module is not None, sink.diagnostics()
    assert not sink.has_errors, sink.diagnostics()
    return module


def refused(source: str | bytes) -> tuple[str, str]:
    """The code of the only diagnostic and the text its span covers."""
    sink = DiagnosticSink()
    parse_module(source, "file.py", "module", sink)
    found = only(sink)
    return found.code, fragment(sink, found.span)


def test_module_keeps_name_path_docstring_and_normalised_text() -> None:
    module = parse(b'\xef\xbb\xbf"""about"""\r\nx = 1\r')
    assert (module.name, module.path, module.docstring) == ("module", "file.py", "about")
    assert module.source == '"""about"""\nx = 1\n'


def test_parameters_are_sorted_by_kind_with_their_defaults() -> None:
    (function,) = parse("def f(a: int, /, b: int = 1, *c: int, d: int = 2, e: int, **g: int) -> None: ...").body
    assert isinstance(function, tree.FunctionDefinition)
    parameters = function.parameters
    assert [one.name for one in parameters.all()] == ["a", "b", "c", "d", "e", "g"]
    assert [one.name for one in parameters.all() if one.default is not None] == ["b", "d"]
    assert parameters.variadic is not None and parameters.variadic.name == "c"


def test_definition_name_is_placed_after_the_keyword() -> None:
    source = "@decorated\nclass  Größe:\n  def\tmethod(self): ...\n"
    (definition,) = parse(source).body
    assert isinstance(definition, tree.ClassDefinition)
    (method,) = definition.body
    assert isinstance(method, tree.FunctionDefinition)
    sink = DiagnosticSink()
    sink.add_source("file.py", source)
    assert fragment(sink, definition.name_span) == "Größe"
    assert fragment(sink, method.name_span) == "method"


def test_attribute_knows_the_place_of_its_name() -> None:
    source = "ä.b .größe\n"
    (statement,) = parse(source).body
    assert isinstance(statement, tree.ExpressionStatement) and isinstance(statement.value, tree.Attribute)
    sink = DiagnosticSink()
    sink.add_source("file.py", source)
    assert fragment(sink, statement.value.name_span) == "größe"


def test_wildcard_capture_and_as_patterns_are_told_apart() -> None:
    (match,) = parse("match x:\n case [1, *_]: pass\n case {'a': _, **rest}: pass\n case P(y, z=w) as v: pass").body
    assert isinstance(match, tree.Match)
    kinds = [type(case.pattern) for case in match.cases]
    assert kinds == [tree.SequencePattern, tree.MappingPattern, tree.AsPattern]


def test_bool_and_int_constants_differ() -> None:
    (statement,) = parse("True, 1, 1.0, 'a', b'a', None, ...").body
    assert isinstance(statement, tree.ExpressionStatement) and isinstance(statement.value, tree.TupleDisplay)
    values = [one.value for one in statement.value.elements if isinstance(one, tree.Constant)]
    assert [type(value).__name__ for value in values] == [
        "bool",
        "int",
        "float",
        "str",
        "bytes",
        "NoneType",
        "ellipsis",
    ]


def test_nodes_hash_by_identity() -> None:
    (first, second) = parse("x\nx").body
    assert first != second and len({first, second}) == 2


def test_quoted_annotation_carries_the_span_of_the_string() -> None:
    span = Span("file.py", 3, 4, 3, 20)
    found = parse_expression_text(" list[Node] | None", span)
    assert isinstance(found, tree.BinaryOperation)
    assert {found.span, found.left.span, found.right.span} == {span}
    assert parse_expression_text("not an annotation", span) is None
    assert parse_expression_text("(" * 500, span) is None


@pytest.mark.parametrize(
    ("source", "code", "text"),
    [
        ("x = = 1", "E0101", "="),
        ("def f(:\n  pass", "E0101", ":"),
        ("return 1", "E0101", "return 1"),
        ("for x in y:\n  pass\nbreak", "E0101", "break"),
        ("def f(a, a): pass", "E0101", "a"),
        ("def f():\n  x = 1\n  global x", "E0101", "global x"),
        ("if x:\npass", "E0101", "pass"),
        ("'unclosed", "E0101", "'"),
        ("wert = 'ü' + )", "E0101", ")"),
        ("x = \0 1", "E0102", "\0"),
        ("async def f() -> None: pass", "E0110", "async def"),
        ("from os import *", "E0111", "*"),
        ("class A(metaclass=B): pass", "E0112", "metaclass=B"),
        ("del a.b", "E0113", "a.b"),
        ("del (x, [a.b])", "E0113", "a.b"),
        ("class A:\n  def __getattr__(self, name: str) -> int: return 0", "E0117", "__getattr__"),
    ],
)
def test_what_is_refused_is_underlined_exactly(source: str, code: str, text: str) -> None:
    assert refused(source) == (code, text)


@pytest.mark.parametrize(
    "body", ["await g()", "async for x in y: pass", "async with y: pass", "return [x async for x in y]"]
)
def test_every_form_of_coroutine_is_refused(body: str) -> None:
    sink = DiagnosticSink()
    assert parse_module(f"async def f():\n  {body}", "file.py", "module", sink) is not None
    assert {one.code for one in sink.diagnostics()} == {"E0110"}
    assert len(sink.diagnostics()) == 2


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"# coding: no-such-codec\n", "E0102"),
        (b"# coding: rot13\n", "E0102"),
        (b"x = '\xff'\n", "E0102"),
        (b"\n\n\nx = '\xff'\n", "E0102"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "E0102"),
        ("x = '\ud800'", "E0102"),
        ("(" * 300 + ")" * 300, "E0103"),
        ("+".join(["x"] * 20_000), "E0103"),
        ("x = " + "9" * 5000, "E0104"),
        ("-" * 50_000 + "1", "E0103"),
    ],
)
def test_unreadable_text_is_one_diagnostic(source: str | bytes, code: str) -> None:
    sink = DiagnosticSink()
    assert parse_module(source, "file.py", "module", sink) is None
    assert only(sink).code == code


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the host parses type parameters")
@pytest.mark.parametrize("source", ["class A[T]: pass", "def f[T](x: T): pass", "type A = int"])
def test_type_parameters_on_an_old_host_say_what_is_needed(source: str) -> None:
    sink = DiagnosticSink()
    assert parse_module(source, "file.py", "module", sink) is None
    (note,) = only(sink).notes
    assert "PEP 695" in note.message


def test_bad_byte_is_placed_on_its_line() -> None:
    sink = DiagnosticSink()
    parse_module(b"a\nb\nc\nx = '\xff'\n", "file.py", "module", sink)
    assert only(sink).span == Span("file.py", 4, 5, 4, 6)


def test_encoding_cookie_is_obeyed() -> None:
    (statement,) = parse("# coding: latin-1\nx = 'ü'\n".encode("latin-1")).body
    assert isinstance(statement, tree.Assign) and isinstance(statement.value, tree.Constant)
    assert statement.value.value == "ü"


def test_empty_file_is_a_module() -> None:
    assert parse("").body == ()


def test_dump_shows_places_and_plain_fields() -> None:
    assert dump(parse("total = 1 + x")) == (
        "Module 1:0-1:0 name='module'\n"
        "  body: Assign 1:0-1:13\n"
        "    targets: Name 1:0-1:5 identifier='total'\n"
        "    value: BinaryOperation 1:8-1:13 operator=ADD\n"
        "      left: Constant 1:8-1:9 value=1\n"
        "      right: Name 1:12-1:13 identifier='x'\n"
    )


SEED = """
@decorator
class Point(Base, key=1):
    x: int = 0
    def method(self, *values: int, **more: int) -> str:
        return f"{self.x!r:>{width}} {values}" if values else lambda a: (yield a)
match point:
    case Point(x=0) | [1, *_] if (n := len(x)) > 2:
        del x[1:2], y
try:
    import a.b as c
except (OSError, ValueError) as error:
    raise error from None
"""
PIECES = st.sampled_from(
    ["(", ")", ":", "\n", "  ", "\t", "'", '"""', "\\", "\0", "ä", "\r", "async ", "*", "=", "1e9", "#"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SEED)), st.integers(0, 9), PIECES | st.text(max_size=3)), max_size=6))
def test_mutated_source_gives_a_tree_or_a_diagnostic(edits: list[tuple[int, int, str]]) -> None:
    text = SEED
    for position, removed, inserted in edits:
        text = text[:position] + inserted + text[position + removed :]
    check_outcome(text)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_random_bytes_give_a_tree_or_a_diagnostic(source: bytes) -> None:
    check_outcome(source)


def check_outcome(source: str | bytes) -> None:
    sink = DiagnosticSink()
    module = parse_module(source, "file.py", "module", sink)
    assert (module is None) <= sink.has_errors
    for found in sink.diagnostics():
        fragment(sink, found.span)  # every span lies inside the text
