"""The rewriting itself: which expressions are wrapped, and that everything else stays as it was."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.diagnostics.span import Span
from compiler.hosted.findings import Findings, Place, findings_by_file
from compiler.hosted.rewrite import rewrite, rewritten_code


def at(line: int, column: int, end: int, how: str) -> Findings:
    return {Place(line, column, line, end): how}


def rewritten(source: str, findings: Findings) -> str:
    return ast.unparse(rewrite(source, "x.py", findings))


def test_a_constant_is_wrapped() -> None:
    assert rewritten("x = 5", at(1, 4, 5, "u8")).splitlines() == [
        "from runtime.host.conversions import u8 as __pyc_u8__",
        "x = __pyc_u8__(5)",
    ]


def test_an_expression_is_wrapped_as_a_whole() -> None:
    assert rewritten("x = 1 + 2", at(1, 4, 9, "u64")).endswith("x = __pyc_u64__(1 + 2)")


def test_int_and_range() -> None:
    assert rewritten("x = int(y)", at(1, 4, 10, "int")).endswith("x = __pyc_to_int__(int(y))")
    made = rewritten("for i in range(n, 5): pass", at(1, 9, 20, "range u16"))
    assert "__pyc_WidthRange__(__pyc_u16__, n, 5)" in made


def test_the_import_stands_where_python_lets_it() -> None:
    source = '"""Text."""\nfrom __future__ import annotations\nx = 5'
    tree = rewrite(source, "x.py", at(3, 4, 5, "u8"))
    assert ast.get_docstring(tree) == "Text."
    assert [type(statement).__name__ for statement in tree.body] == ["Expr", "ImportFrom", "ImportFrom", "Assign"]
    compile(tree, "x.py", "exec")


@pytest.mark.parametrize(
    ("source", "findings"),
    [
        ("x: 5 = y", at(1, 3, 4, "u8")),
        ("def f(x: 5): pass", at(1, 9, 10, "u8")),
        ("match x:\n    case 5: pass", at(2, 9, 10, "u8")),
        ("x = y", at(1, 0, 1, "u8")),
        ("x = y", at(9, 0, 1, "u8")),
    ],
)
def test_what_is_no_value_is_left_alone(source: str, findings: Findings) -> None:
    assert rewritten(source, findings) == ast.unparse(ast.parse(source))


def test_names_in_class_bodies_are_not_mangled() -> None:
    source = "class C:\n    def f(self):\n        return 200\nresult = C().f()"
    namespace: dict[str, object] = {}
    exec(rewritten_code(source, "x.py", at(3, 15, 18, "u8")), namespace)
    assert type(namespace["result"]).__name__ == "u8"


def test_positions_are_the_sources() -> None:
    """A fault in a wrapped expression names its own line."""
    code = rewritten_code("x = 1\n\n\ny = 300\n", "x.py", at(4, 4, 7, "u8"))
    with pytest.raises(OverflowError) as caught:
        exec(code, {})
    lines = [entry.lineno + 1 for entry in caught.traceback if str(entry.path).endswith("x.py")]
    assert lines == [4]


NOTES = st.lists(st.sampled_from(["u8", "u64", "int", "same"]), min_size=1, max_size=4)


@given(NOTES)
def test_notes_that_differ_leave_the_place(notes: list[str]) -> None:
    found = findings_by_file((Span("x.py", 1, 0, 1, 1), how) for how in notes)["x.py"]
    widths = set(notes) & {"u8", "u64"}
    if len(widths) == 1 and "same" not in notes:
        assert list(found.values()) == list(widths)
    elif not widths and "int" in notes:
        assert list(found.values()) == ["int"]
    else:
        assert found == {}


@given(
    st.sampled_from(
        ["x = [a, 1]", "f(1)(2)", "x = a if b else 3", "x = {1: (2, 3)}[1]", "x = -1", "x = f'{1}{y!r:>{3}}'"]
    )
)
def test_without_findings_nothing_changes(source: str) -> None:
    assert ast.dump(rewrite(source, "x.py", {})) == ast.dump(ast.parse(source))
