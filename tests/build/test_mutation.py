"""Planted faults: what is changed, what is left alone, and that every changed text is still Python."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.machine import mutation, mutation_operators
from tests.machine.mutation_operators import apply, find_mutations

SOURCES = sorted(Path(mutation_operators.__file__).parent.glob("*.py"))


def changed_texts(source: str) -> set[str]:
    return {apply(source, found) for found in find_mutations(source)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b < c\n", {"a = (b <= c)\n"}),
        ("a = b + c\n", {"a = (b - c)\n"}),
        ("a = 7\n", {"a = 8\n", "a = 6\n"}),
        ("a = 0\n", {"a = 1\n", "a = (-1)\n"}),
        ("a = b and c\n", {"a = (b or c)\n"}),
        ("a = not b\n", {"a = (b)\n"}),
        ("a = True\n", {"a = False\n"}),
        ("f(x)\n", {"pass\n"}),
        ("if a:\n    b = c\n", {"if (not (a)):\n    b = c\n"}),
        ("a = b if c else d\n", {"a = b if (not (c)) else d\n"}),
        ("for a in b:\n    break\n", {"for a in b:\n    pass\n"}),
        ("def f():\n    raise E\n", {"def f():\n    pass\n"}),
        ("é = 'ü' + b if c else d\n", {"é = 'ü' + b if (not (c)) else d\n"}),
        ("a = (b <\n     c)  # why\n", {"a = ((b <= c))  # why\n"}),
    ],
)
def test_each_operator_changes_one_thing(source: str, expected: set[str]) -> None:
    assert changed_texts(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""Docstring 1 < 2."""\n',
        "import a\n",
        "def f(x: A | B) -> C[1]: ...\n",
        "@cache(maxsize=1)\ndef f(): ...\n",
        "if TYPE_CHECKING:\n    a = 1\n",
        "Union = A | B\n",
        "a = f'{b + c}'\n",
    ],
)
def test_what_has_no_meaning_is_left_alone(source: str) -> None:
    assert find_mutations(source) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_changed_sources_are_still_python_and_differ(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    before = ast.dump(ast.parse(source))
    for found in find_mutations(source)[::7]:
        assert ast.dump(ast.parse(apply(source, found))) != before


def test_same_seed_plants_the_same_faults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "compiler" / "link").mkdir(parents=True)
    (tmp_path / "tests" / "compiler" / "link").mkdir(parents=True)
    (tmp_path / "compiler" / "link" / "order.py").write_text("a = 1 < 2\nb = 3 + c\n")
    (tmp_path / "tests" / "compiler" / "link" / "test_order.py").write_text("")
    monkeypatch.setattr(mutation, "ROOT", tmp_path)
    first, second = mutation.plan(4, 1, None), mutation.plan(4, 1, None)
    assert first == second
    assert len(first) == 4
    assert {fault.tests for fault in first} == {("tests/compiler/link/test_order.py",)}


def test_a_fault_is_noticed_or_not(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it():\n    assert 1 + 1 == 2\n")
    assert mutation.run_tests(tmp_path, ["test_it.py"], 60)[0] is True
    (tmp_path / "test_it.py").write_text("def test_it():\n    assert 1 + 1 == 3\n")
    assert mutation.run_tests(tmp_path, ["test_it.py"], 60)[0] is False


def test_endless_faults_end_at_the_limit(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it():\n    while True: pass\n")
    assert mutation.run_tests(tmp_path, ["test_it.py"], 2) == (False, "time limit")
