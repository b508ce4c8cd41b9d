"""The modules under test really are rewritten, and the list of those that are not is exact."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from compiler.hosted.source_tree import Package, rewritten_package
from runtime.host.conversions import WidthRange, u8
from tests.hosted_plugin import NOT_YET, PACKAGES, package_now

CORE = Path(__file__).resolve().parents[3] / "runtime"


def refused_now() -> dict[str, str]:
    return {name: reason for package in PACKAGES for name, reason in package_now(package).refused.items()}


def test_every_module_is_rewritten_or_listed() -> None:
    unlisted = {name: reason for name, reason in refused_now().items() if name not in NOT_YET}
    assert unlisted == {}, "the checker refuses these; mend them, or enter them in tests/hosted_plugin.py: NOT_YET"


def test_the_list_of_exceptions_is_not_too_long() -> None:
    assert NOT_YET - set(refused_now()) == set(), "these are accepted by now: take them out of NOT_YET"


def test_modules_under_test_have_their_conversions() -> None:
    from kernel.arch.x86_64 import page_table

    names = [name for name in vars(page_table) if name.startswith("__pyc_")]
    assert names, "kernel.arch.x86_64.page_table was imported as the plain file"


@pytest.fixture
def small_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree of its own with the real runtime and a package of two modules."""
    monkeypatch.setenv("PYC_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "runtime").symlink_to(CORE)
    package = tmp_path / "parts"
    package.mkdir()
    (package / "__init__.py").write_text('"""Parts."""\n', encoding="utf-8")
    (package / "good.py").write_text("from runtime.lang import u8\n\nx: u8 = 5\n", encoding="utf-8")
    (package / "bad.py").write_text("from runtime.lang import u8\n\nx: u8 = 500\n", encoding="utf-8")
    return tmp_path


def test_one_bad_module_spoils_no_other(small_tree: Path) -> None:
    made = rewritten_package(small_tree, Package("parts"))
    assert set(made.codes) == {"parts", "parts.good"}
    assert list(made.refused) == ["parts.bad"]
    assert "E0501" in made.refused["parts.bad"]


def test_a_changed_file_is_noticed(small_tree: Path) -> None:
    assert "parts.bad" in rewritten_package(small_tree, Package("parts")).refused
    (small_tree / "parts" / "bad.py").write_text("from runtime.lang import u8\n\nx: u8 = 50\n", encoding="utf-8")
    assert rewritten_package(small_tree, Package("parts")).refused == {}


def test_the_cache_answers_when_nothing_changed(small_tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rewritten_package(small_tree, Package("parts"))
    monkeypatch.setattr("compiler.hosted.source_tree.rewrite_package", None)
    assert rewritten_package(small_tree, Package("parts")) == first
    shutil.rmtree(small_tree / "cache")
    with pytest.raises(TypeError):
        rewritten_package(small_tree, Package("parts"))


def test_a_range_of_a_width() -> None:
    numbers = WidthRange(u8, u8(2), 9, 3)
    assert [(type(n), n) for n in numbers] == [(u8, 2), (u8, 5), (u8, 8)]
    assert (len(numbers), 5 in numbers, 6 in numbers, list(reversed(numbers))) == (3, True, False, [8, 5, 2])
    assert type(numbers[1]) is u8
    with pytest.raises(OverflowError):
        WidthRange(u8, 256)


def test_what_nobody_uses_is_converted(small_tree: Path) -> None:
    """Defaults, fields and functions that no code of the package touches."""
    source = """
from dataclasses import dataclass
from runtime.lang import u8, u16

@dataclass
class Part:
    x: u8 = 255

class Other:
    y: u16 = 7

    def never(self, n: u8 = 9) -> u8:
        one: u8 = 1
        return n + one

def f(x: u8 = 255) -> u8:
    return x
"""
    (small_tree / "parts" / "good.py").write_text(source, encoding="utf-8")
    code = rewritten_package(small_tree, Package("parts")).codes["parts.good"]
    # A dataclass looks its module up, so the code runs in a real one.
    module = ModuleType("parts.good")
    sys.modules[module.__name__] = module
    try:
        exec(code, module.__dict__)
        values = [module.f(), module.Part().x, module.Other().y, module.Other().never()]
    finally:
        del sys.modules[module.__name__]
    assert [(type(value).__name__, value) for value in values] == [("u8", 255), ("u8", 255), ("u16", 7), ("u8", 10)]
