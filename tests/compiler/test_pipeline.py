"""The pipeline: sizes that were promised, what the cache may and may not answer, faults that find their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler import cache
from compiler.crash_context import internal_error
from compiler.diagnostics.errors import CompileFailed, InternalError
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span
from compiler.module_statements import refuse_running_statements
from compiler.options import BuildOptions
from compiler.pipeline import Pipeline, build, check, tree_root, with_deep_stack
from compiler.target import KERNEL, UEFI

ROOT = Path(__file__).resolve().parents[2]
STRIPPED_HELLO_LIMIT = 24 * 1024


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "cache"


def source(text: str, name: str = "app.py") -> Path:
    Path(name).write_text(text)
    return Path(name)


def test_a_stripped_hello_is_small() -> None:
    made = build(BuildOptions(ROOT / "user/programs/hello.py", strip=True), DiagnosticSink())
    assert len(made.image) < STRIPPED_HELLO_LIMIT


def test_the_second_build_comes_from_the_cache_and_a_change_does_not() -> None:
    options = BuildOptions(source("print(1)\n"))
    first = build(options, DiagnosticSink())
    second = build(options, DiagnosticSink())
    assert (first.from_cache, second.from_cache) == (False, True)
    assert (second.image, second.map_text) == (first.image, first.map_text)
    source("print(2)\n")
    third = build(options, DiagnosticSink())
    assert not third.from_cache and third.image != first.image


def test_a_module_that_appears_earlier_in_the_search_is_noticed() -> None:
    options = BuildOptions(source("import sys\nprint(sys.byteorder)\n"))
    build(options, DiagnosticSink())
    assert build(options, DiagnosticSink()).from_cache
    Path("app").mkdir()
    assert build(options, DiagnosticSink()).from_cache
    source("", "app/__init__.py")
    assert not build(options, DiagnosticSink()).from_cache


@pytest.mark.parametrize("kind", ["object", "part", "request"])
@pytest.mark.parametrize("damage", [b"", b"short", bytes(4096)])
def test_a_damaged_entry_is_absent(kind: str, damage: bytes, own_cache: Path) -> None:
    cache.write_entry(kind, "ab" * 32, b"content")
    assert cache.read_entry(kind, "ab" * 32) == b"content"
    path = cache.entry_path(kind, "ab" * 32)
    path.write_bytes(damage)
    assert cache.read_entry(kind, "ab" * 32) is None
    assert not path.exists()


def test_borders_of_parts_count_in_a_key() -> None:
    assert cache.digest("ab", "c") != cache.digest("a", "bc")


def test_the_cache_forgets_what_was_used_longest_ago(own_cache: Path) -> None:
    import os

    for number in range(4):
        key = f"{number:064x}"
        cache.write_entry("object", key, bytes(1000))
        os.utime(cache.entry_path("object", key), (number, number))
    cache.trim(limit=2100)
    left = [number for number in range(4) if cache.read_entry("object", f"{number:064x}") is not None]
    assert left == [2, 3]
    cache.trim(limit=0)  # once a day only
    assert cache.read_entry("object", f"{3:064x}") is not None


def test_an_unfinished_write_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("result").write_bytes(b"old")

    def fail(self: Path, mode: int) -> None:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "chmod", fail)
    with pytest.raises(OSError, match="result") as caught:
        cache.write_atomically(Path("result"), b"new")
    assert str(caught.value.filename).endswith("/result")
    assert Path("result").read_bytes() == b"old"
    assert [path.name for path in Path().iterdir() if path.name.startswith(".pyc")] == []


def test_a_fault_names_the_innermost_function_and_place() -> None:
    class Thing:
        def __init__(self, name: str, line: int) -> None:
            self.symbol, self.parameters, self.source_name = name, (), ""
            self.span = Span("a.py", line, 0, line, 1)

    def inner(function: Thing) -> None:
        raise KeyError("missing")

    def outer(function: Thing) -> None:
        inner(Thing("f", 7))

    try:
        outer(Thing("g", 3))
    except KeyError as error:
        fault = internal_error("lower", error)
    assert (fault.stage, fault.function, str(fault.span)) == ("lower", "f", "a.py:7:1")
    assert fault.message == "KeyError: 'missing'"


def test_an_unexpected_exception_of_a_stage_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Pipeline) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Pipeline, "prelude", fail)
    with pytest.raises(InternalError, match="ZeroDivisionError") as caught:
        build(BuildOptions(source("print(1)\n")), DiagnosticSink())
    assert caught.value.stage == "resolve"


def test_a_deep_stack_holds_what_pythons_limit_allows() -> None:
    def depth(n: int) -> int:
        return 0 if n == 0 else 1 + depth(n - 1)

    assert with_deep_stack(lambda: depth(15_000)) == 15_000
    with pytest.raises(RecursionError):
        with_deep_stack(lambda: depth(1_000_000))


RUNNING = ["print(1)", "x.append(1)", "for i in range(3):\n    pass", "assert True", "if x:\n    pass", "x += [1]"]


@pytest.mark.parametrize("statement", RUNNING)
@pytest.mark.parametrize("target", [KERNEL, UEFI], ids=["kernel", "uefi"])
def test_statements_that_run_at_import_are_refused(statement: str, target) -> None:
    sink = DiagnosticSink()
    text = f"x: list[int] = [1]\n{statement}\n\n\ndef main() -> None:\n    pass\n"
    with pytest.raises(CompileFailed):
        check(source(text), sink, target)
    assert sink.diagnostics()[0].code == "E0502"
    assert sink.diagnostics()[0].span.line == 2


def test_declarations_and_the_main_idiom_are_not() -> None:
    text = (
        '"""Text."""\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from collections.abc import Callable\n'
        'X = 1\n"""About X."""\n\n\ndef main() -> None:\n    pass\n\n\nif __name__ == "__main__":\n    main()\n'
    )
    sink = DiagnosticSink()
    program = check(source(text), sink, UEFI)
    refuse_running_statements(program, sink)
    assert sink.diagnostics() == ()


def test_a_source_tree_starts_where_packages_end() -> None:
    Path("tree/a/b").mkdir(parents=True)
    for folder in ("tree/a", "tree/a/b"):
        (Path(folder) / "__init__.py").touch()
    assert tree_root(Path("tree/a/b/main.py")) == Path("tree").resolve()
