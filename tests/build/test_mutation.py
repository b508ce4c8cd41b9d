"""Planted faults: what is changed, what is left alone, and that every changed text is still Python."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.machine import mutation, mutation_operators
from tests.machine.mutation_operators import apply, find_mutations
from tests.machine.planted_fault import Fault, Judge, Outcome, Sessions
from tests.machine.problem import ExitCode

SOURCES = sorted(Path(mutation_operators.__file__).parent.glob("*.py"))


def changed_texts(source: str) -> set[str]:
    return {apply(source, found) for found in find_mutations(source)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b < c\n", {"a = (b <= c)\n"}),
        ("a = b + c\n", {"a = (b - c)\n"}),
        ("a = FLAG | b.OTHER\n", {"a = (FLAG & b.OTHER)\n"}),
        ("a = FLAG & b.OTHER\n", {"a = (FLAG | b.OTHER)\n"}),
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
        "Union = tree.Name | tree.Call | None\n",
        "a = f'{b + c}'\n",
        "__all__ = ['a'] + b\n",
        "raise AssertionError(a + b)\n",
        "assert_never(a)\n",
        "panic(a + b)\n",
        "log.line(a + b)\n",
        "f = g(label=a or b)\n",
        "class C:\n    def __repr__(self):\n        return a + b\n",
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


def write_tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


SMALL_TREE = {
    "compiler/link/order.py": "a = 1 < 2\nb = 3 + c\n",
    "tests/compiler/link/test_order.py": "",
    "kernel/lib/text.py": "a = 1\n",
    "tests/kernel/lib/test_text.py": "",
    "kernel/lib/table.py": '"""A table.\n\nGenerated from a list.\n"""\na = 1\n',
    "tests/kernel/lib/test_table.py": "",
    "kernel/arch/untested.py": "a = 1\n",
    "runtime/lang/instructions.py": "def halt(): ...\n",
    "kernel/lib/idle.py": "from runtime.lang import halt\na = 1\n",
    "tests/kernel/lib/test_idle.py": "",
}


def test_the_same_seed_plants_the_same_faults_spread_over_the_folders(tmp_path: Path) -> None:
    tree = write_tree(tmp_path, SMALL_TREE)
    first, second = mutation.plan(tree, 2, 1, None), mutation.plan(tree, 2, 1, None)
    assert first == second
    assert {fault.area for fault in first} == {"compiler/link", "kernel/lib"}
    everything = mutation.plan(tree, 1000, 1, None)
    assert {fault.path for fault in everything} == {"compiler/link/order.py", "kernel/lib/text.py"}
    groups = {fault.groups for fault in everything if fault.area == "compiler/link"}
    assert groups == {(("tests/compiler/link/test_order.py",),)}


def make_fault(path: str, source: str, *groups: str) -> Fault:
    return Fault(path, find_mutations(source)[0], tuple((group,) for group in groups))


SOURCE = "answer = 1 + 1\n"
NOTICING = "from package import answer\n\ndef test_it():\n    assert answer == 2\n"


def judge(tree: Path, *groups: str) -> Outcome:
    """The verdict on `1 - 1` in a package with these tests."""
    (tree / "conftest.py").write_text(
        "from hypothesis import settings\nsettings.register_profile('planted', deadline=None)\n"
    )
    (tree / "package.py").write_text(SOURCE)
    outcome = Judge(60).try_fault(make_fault("package.py", SOURCE, *groups), tree)
    assert (tree / "package.py").read_text() == SOURCE, "the fault was left in the tree"
    return outcome


def test_a_fault_is_noticed_or_not(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(NOTICING)
    (tmp_path / "test_other.py").write_text("def test_other():\n    pass\n")
    assert judge(tmp_path, "test_it.py").killed
    assert not judge(tmp_path, "test_other.py").killed
    assert judge(tmp_path, "test_other.py", "test_it.py").killed


def test_a_test_that_fails_anyway_proves_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it():\n    assert False\n")
    assert not judge(tmp_path, "test_it.py").killed


def test_endless_faults_end_at_the_limit(tmp_path: Path) -> None:
    assert Sessions().run([sys.executable, "-c", "while True: pass"], tmp_path, 1) == (None, "")
    assert Sessions().run([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, 60) == (3, "")


def test_nothing_starts_after_the_end(tmp_path: Path) -> None:
    sessions = Sessions()
    sessions.end_all()
    assert sessions.run([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, 60) == (None, "")


def test_the_report_names_survivors_and_counts_by_folder(capsys: pytest.CaptureFixture[str]) -> None:
    found = [
        Outcome(make_fault("kernel/lib/a.py", SOURCE, "test_a.py"), True, 1.0, ""),
        Outcome(make_fault("kernel/fs/b.py", SOURCE, "test_b.py"), False, 1.0, ""),
    ]
    assert mutation.report(found, 7, 3) == ExitCode.PROGRAM_WRONG
    lines = capsys.readouterr().out.splitlines()
    assert "  kernel/fs/b.py:1: arithmetic: 1 + 1 → (1 - 1)" in lines
    assert "kernel/fs        1        0     0 %" in lines
    assert "kernel/lib       1        1   100 %" in lines
    assert lines[-1] == "1 of 2 faults noticed: 50 %  (wanted: 80 %; seed 7, stopped before 1 more)"
    assert mutation.report(found[:1], 7, 1) == ExitCode.FINE
