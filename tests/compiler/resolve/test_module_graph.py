"""The module graph: CPython's import order, and what cannot be imported."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.diagnostics.sink import DiagnosticSink
from compiler.resolve.bind import resolve_program
from compiler.resolve.program import Origin, Program
from compiler.resolve.search import SearchPaths
from tests.compiler.diagnostics.fragments import fragment

RUNTIME = {
    "runtime/__init__.py": "",
    "runtime/lang/__init__.py": "from runtime.lang.panic import panic\nimport ctypes\n",
    "runtime/lang/integers.py": "import ctypes\nclass u8: pass\n",
    "runtime/lang/panic.py": "def panic() -> None: pass\n",
    "runtime/core/__init__.py": "",
    "runtime/core/strings.py": "from runtime.lang import u8\n",
    "runtime/std/__init__.py": "",
    "runtime/std/sys.py": "argv: list[str] = []\n",
    "runtime/std/json.py": "import re\n",
    "runtime/std/re.py": "",
}


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def resolve(folder: Path, files: Mapping[str, str], prelude: tuple[str, ...] = ()) -> tuple[Program, DiagnosticSink]:
    """The program that starts at `main.py`, with a small runtime beside it."""
    write(folder / "installed", RUNTIME)
    write(folder / "program", files)
    sink = DiagnosticSink()
    root = folder / "program" / "main.py"
    search = SearchPaths.for_script(root, folder / "installed")
    return resolve_program(root, search, sink, prelude), sink


def only_report(folder: Path, files: Mapping[str, str]) -> tuple[str, str, str | None]:
    _, sink = resolve(folder, files)
    (found,) = sink.diagnostics()
    return found.code, fragment(sink, found.span), found.suggestion


LOUD = "print(__name__)\n"


@pytest.mark.parametrize(
    "files",
    [
        {"main.py": LOUD + "import b\nimport a\n", "a.py": LOUD + "import b", "b.py": LOUD + "import c", "c.py": LOUD},
        {"main.py": LOUD + "import a", "a.py": LOUD + "import b", "b.py": LOUD + "import a\nimport c", "c.py": LOUD},
        {
            "main.py": LOUD + "import p.q.r as r\nfrom p import s, t\n",
            "p/__init__.py": LOUD + "t = 1",
            "p/q/__init__.py": LOUD + "from .. import u",
            "p/q/r.py": LOUD + "from . import w\nfrom ..u import v",
            "p/q/w.py": LOUD,
            "p/s.py": LOUD,
            "p/u.py": LOUD + "v = 1",
        },
        {"main.py": LOUD + "from p import part", "p/__init__.py": LOUD + "from . import part", "p/part.py": LOUD},
        {"main.py": LOUD + "import n.m", "n/m.py": LOUD},
        {
            "main.py": LOUD + "if True:\n  try:\n    import a\n  finally:\n    import b\nclass C:\n  import c\n",
            "a.py": LOUD,
            "b.py": LOUD,
            "c.py": LOUD,
        },
        {
            "main.py": LOUD + "def f():\n  import z\nimport a\nf()",
            "a.py": LOUD,
            "z.py": LOUD + "import y",
            "y.py": LOUD,
        },
        {"main.py": LOUD + "import os.path, m", "m.py": LOUD, "os.py": LOUD, "installed": ""},
    ],
    ids=["depth first", "cycle", "packages", "self import", "namespace", "nested", "deferred", "frozen name"],
)
def test_modules_start_in_the_order_of_cpython(tmp_path: Path, files: dict[str, str]) -> None:
    files.pop("installed", None)
    (tmp_path / "installed/runtime/std/os").mkdir(parents=True)
    (tmp_path / "installed/runtime/std/os/__init__.py").write_text("")
    (tmp_path / "installed/runtime/std/os/path.py").write_text("")
    program, sink = resolve(tmp_path, files)
    assert not sink.has_errors, sink.diagnostics()
    ran = subprocess.run(
        [sys.executable, "-B", "main.py"],
        cwd=tmp_path / "program",
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    loud = [one.name for one in program.modules.values() if LOUD in one.tree.source]
    assert loud == ran.stdout.split()


def test_each_import_knows_what_it_starts(tmp_path: Path) -> None:
    files = {"main.py": "import p.q as alias\nimport p.q\nfrom p import q, x", "p/__init__.py": "x = 1", "p/q.py": ""}
    program, _ = resolve(tmp_path, files)
    targets = [(one.module, one.member, one.initialises) for one in program.main.imports.values()]
    both = ("p", "p.q")
    assert targets == [("p.q", None, both), ("p", None, both), ("p.q", None, both), ("p", "x", ("p",))]


def test_an_imported_name_is_followed_to_its_definition(tmp_path: Path) -> None:
    files = {"main.py": "from p import thing, part", "p/__init__.py": "from .part import thing\nfrom . import part"}
    program, sink = resolve(tmp_path, {**files, "p/part.py": "thing = 1"})
    assert not sink.has_errors
    thing, part = (program.definition_of(one) for one in program.main.imports.values())
    assert (thing.module, thing.member) == ("p.part", "thing")
    assert (part.module, part.member) == ("p.part", None)


def test_names_that_import_each_other_in_a_circle_end(tmp_path: Path) -> None:
    program, _ = resolve(tmp_path, {"main.py": "from a import x", "a.py": "from b import x", "b.py": "from a import x"})
    (target,) = program.main.imports.values()
    assert program.definition_of(target).member == "x"


def test_completion_order_ends_with_the_program(tmp_path: Path) -> None:
    program, _ = resolve(tmp_path, {"main.py": "import a", "a.py": "import b", "b.py": "import a"})
    assert program.completion_order == ("b", "a", "__main__")


def test_the_prelude_comes_first(tmp_path: Path) -> None:
    program, _ = resolve(tmp_path, {"main.py": "import a", "a.py": ""}, ("runtime.core.strings",))
    names = ["runtime", "runtime.core", "runtime.core.strings", "runtime.lang", "__main__", "a"]
    assert list(program.modules) == names
    assert program.modules["runtime.core"].origin is Origin.RUNTIME


def test_vocabulary_is_neither_compiled_nor_followed(tmp_path: Path) -> None:
    program, sink = resolve(
        tmp_path, {"main.py": "from runtime.lang import u8, panic, integers\nimport runtime.lang.panic"}
    )
    assert not sink.has_errors
    lang = program.modules["runtime.lang"]
    assert lang.is_vocabulary and lang.tree.body == () and "ctypes" not in program.modules
    targets = [(one.module, one.member) for one in program.main.imports.values()]
    assert targets == [
        ("runtime.lang", "u8"),
        ("runtime.lang", "panic"),
        ("runtime.lang.integers", None),
        ("runtime", None),
    ]


def test_imports_for_type_checkers_resolve_but_never_run(tmp_path: Path) -> None:
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  from a import A\nelse:\n  from b import A\n"
    program, sink = resolve(tmp_path, {"main.py": source, "a.py": "import b\nclass A: pass", "b.py": "class A: pass"})
    assert not sink.has_errors
    assert program.modules["a"].is_type_only and not program.modules["b"].is_type_only
    assert [one.is_type_only for one in program.main.imports.values()] == [False, False, True]
    assert "a" not in program.completion_order


def test_builtin_modules_have_no_body(tmp_path: Path) -> None:
    source = (
        "from __future__ import annotations\nimport typing as t\nfrom collections.abc import Iterator\nimport enum\n"
    )
    program, sink = resolve(tmp_path, {"main.py": source})
    assert not sink.has_errors and list(program.modules) == ["__main__"]
    assert all(one.is_builtin and one.initialises == () for one in program.main.imports.values())


def test_a_source_tree_names_modules_from_its_root(tmp_path: Path) -> None:
    write(tmp_path, {**RUNTIME, "kernel/__init__.py": "", "kernel/mm/frames.py": "def free() -> int: return 0"})
    write(tmp_path, {"kernel/main.py": "from kernel.mm import frames\nfrom .mm.frames import free"})
    sink = DiagnosticSink()
    root = tmp_path / "kernel/main.py"
    program = resolve_program(root, SearchPaths.for_tree(root, tmp_path, tmp_path), sink)
    assert not sink.has_errors, sink.diagnostics()
    assert list(program.modules) == ["kernel", "kernel.main", "kernel.mm", "kernel.mm.frames"]
    assert program.main.path == "kernel/main.py" and program.main.package == "kernel"


@pytest.mark.parametrize(
    ("files", "code", "text", "suggestion"),
    [
        ({"main.py": "import setings", "settings.py": ""}, "E0202", "setings", "settings"),
        ({"main.py": "import jsn"}, "E0202", "jsn", "json"),
        ({"main.py": "import p.qq", "p/__init__.py": "", "p/q.py": ""}, "E0202", "p.qq", "p.q"),
        ({"main.py": "import a.b", "a.py": ""}, "E0202", "a.b", None),
        ({"main.py": "from nowhere import x"}, "E0202", "from nowhere import x", None),
        ({"main.py": "from a import widht", "a.py": "width = 1"}, "E0203", "widht", "width"),
        (
            {"main.py": "from a import Enum", "a.py": "if TYPE_CHECKING:\n  from enum import Enum\nTYPE_CHECKING = 0"},
            "E0203",
            "Enum",
            None,
        ),
        ({"main.py": "from typing import Protocl"}, "E0203", "Protocl", "Protocol"),
        ({"main.py": "from . import a", "a.py": ""}, "E0204", "from . import a", "import by the full name"),
        ({"main.py": "import runtime.core", "runtime.py": ""}, "E0206", "runtime.core", "rename the file"),
        ({"main.py": "import json", "re.py": ""}, "E0206", "", "rename the file"),
        ({"main.py": "import a", "a.py": "x = = 1"}, "E0101", "=", None),
    ],
)
def test_what_cannot_be_imported(
    tmp_path: Path, files: dict[str, str], code: str, text: str, suggestion: str | None
) -> None:
    assert only_report(tmp_path, files) == (code, text, suggestion)


def test_a_missing_root_is_reported(tmp_path: Path) -> None:
    _, sink = resolve(tmp_path, {})
    (found,) = sink.diagnostics()
    assert found.code == "E0205" and "No such file" in found.message


def test_a_missing_module_is_reported_once(tmp_path: Path) -> None:
    _, sink = resolve(tmp_path, {"main.py": "import gone\nfrom gone import x\nimport gone.more"})
    assert [one.message for one in sink.diagnostics()] == ["no module named `gone`"]


@pytest.mark.parametrize(
    "source",
    [
        "+".join(["1"] * 900),
        "if a:\n  pass\n" + "elif a:\n  pass\n" * 700,
        "f(" * 190 + ")" * 190,
        "lambda: " * 400 + "1",
    ],
    ids=["terms", "elif", "calls", "lambdas"],
)
def test_deep_nesting_is_accepted_or_reported(tmp_path: Path, source: str) -> None:
    _, sink = resolve(tmp_path, {"main.py": "a = f = 1\n" + source})
    assert {one.code for one in sink.diagnostics()} <= {"E0103"}


def test_a_very_long_chain_of_imports_is_accepted_or_reported(tmp_path: Path) -> None:
    files = {f"m{number}.py": f"import m{number + 1}" for number in range(400)}
    _, sink = resolve(tmp_path, {"main.py": "import m0", **files, "m400.py": ""})
    assert {one.code for one in sink.diagnostics()} <= {"E0103"}


def test_a_name_longer_than_file_names_may_be_is_just_missing(tmp_path: Path) -> None:
    name = "n" * 5000
    assert only_report(tmp_path, {"main.py": f"import {name}"}) == ("E0202", name, None)


@pytest.mark.parametrize("kind", ["folder", "broken link", "not text"])
def test_a_module_that_cannot_be_read_is_reported(tmp_path: Path, kind: str) -> None:
    write(tmp_path / "program", {"main.py": "import odd"})
    odd = tmp_path / "program" / "odd.py"
    match kind:
        case "folder":
            odd.mkdir()
        case "broken link":
            odd.symlink_to(tmp_path / "nowhere")
        case _:
            odd.write_bytes(b"\xfe\xff\x00")
    _, sink = resolve(tmp_path, {})
    assert {one.code for one in sink.diagnostics()} <= {"E0202", "E0102"} and sink.error_count == 1


IMPORTS = st.lists(
    st.sampled_from(
        [
            "import p",
            "import p.q",
            "import p.q as r",
            "from p import q",
            "from p.q import x",
            "from . import q",
            "from .q import x",
            "from .. import p",
            "import main",
            "from main import x",
            "x = 1",
            "def f():\n  import p.q",
            "class A:\n  from p import x",
            "if TYPE_CHECKING:\n  import p",
            "import nowhere",
            "from runtime.lang import u8",
            "import json",
        ]
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(IMPORTS, IMPORTS, IMPORTS)
def test_any_web_of_imports_ends(main: list[str], package: list[str], part: list[str]) -> None:
    with TemporaryDirectory() as folder:
        files = {"main.py": main, "p/__init__.py": package, "p/q.py": part}
        program, sink = resolve(Path(folder), {name: "\n".join(lines) for name, lines in files.items()})
        assert set(program.completion_order) <= set(program.modules)
        for module in program.modules.values():
            for target in module.imports.values():
                assert target.is_builtin or target.module in program.modules
                program.definition_of(target)
        for found in sink.diagnostics():
            fragment(sink, found.span)
