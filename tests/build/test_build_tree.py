"""The incremental build over a small tree: what is made, what is left alone, what happens when a source is wrong."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.machine import build_tree, disk_image
from tests.machine.problem import ExitCode, Problem


class Tree:
    """A small repository, with a compiler that copies its source and an image that lists its files."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.made: list[str] = []
        build = root / "build"
        for name, path in {
            "ROOT": root,
            "BUILD": build,
            "STAMPS": build / ".stamps",
            "PROGRAMS": build / "programs",
            "KERNEL_SOURCE": root / "kernel" / "main.py",
            "KERNEL_IMAGE": build / "BOOTX64.EFI",
            "DISK_IMAGE": build / "pyc.img",
            "PROJECT_FILE": root / "pyproject.toml",
        }.items():
            monkeypatch.setattr(build_tree, name, path)
        monkeypatch.setattr(build_tree, "compile_source", self.compile)
        monkeypatch.setattr(disk_image, "write", self.write_image)
        for file in ("compiler/a.py", "compiler/image/b.py", "runtime/c.py", "kernel/main.py", "kernel/fs/d.py"):
            self.write(file, file)
        self.write("user/programs/hello.py", "hello")
        self.write("user/programs/args.py", "args")
        self.write("pyproject.toml", "")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def compile(self, name: str, _options: Sequence[str], source: Path, output: Path) -> None:
        if "wrong" in source.read_text():
            raise Problem(ExitCode.PROGRAM_WRONG, f"{source.name}: wrong")
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(source.read_bytes())
        self.made.append(name)

    def write_image(self, path: Path, files: dict[str, bytes]) -> None:
        path.write_text(",".join(files))
        self.made.append("image")

    def build(self) -> set[str]:
        """What one build made."""
        self.made.clear()
        build_tree.build()
        return set(self.made)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    return Tree(tmp_path, monkeypatch)


def test_everything_is_made_once(tree: Tree) -> None:
    assert tree.build() == {"kernel", "hello", "args", "image"}
    assert (tree.root / "build" / "pyc.img").read_text() == "/bin/args,/bin/hello"
    assert tree.build() == set()


@pytest.mark.parametrize(
    ("changed", "made"),
    [
        ("kernel/fs/d.py", {"kernel"}),
        ("kernel/main.py", {"kernel", "image"}),
        ("user/programs/hello.py", {"hello", "args", "image"}),
        ("compiler/a.py", {"kernel", "hello", "args", "image"}),
        ("runtime/c.py", {"kernel", "hello", "args", "image"}),
        ("docs/x.md", set()),
    ],
)
def test_a_change_makes_what_depends_on_it(tree: Tree, changed: str, made: set[str]) -> None:
    tree.build()
    tree.write(changed, "changed")
    assert tree.build() == made


def test_touching_a_file_makes_nothing(tree: Tree) -> None:
    tree.build()
    (tree.root / "kernel" / "main.py").touch()
    assert tree.build() == set()


def test_a_removed_or_altered_output_is_made_again(tree: Tree) -> None:
    tree.build()
    (tree.root / "build" / "BOOTX64.EFI").unlink()
    assert tree.build() == {"kernel"}
    time.sleep(0.01)
    (tree.root / "build" / "pyc.img").write_text("something else")
    assert tree.build() == {"image"}


def test_a_removed_program_leaves_the_disk(tree: Tree) -> None:
    tree.build()
    (tree.root / "user" / "programs" / "args.py").unlink()
    assert "image" in tree.build()
    assert (tree.root / "build" / "pyc.img").read_text() == "/bin/hello"


def test_a_fault_is_told_and_leaves_no_stamp(tree: Tree) -> None:
    tree.write("kernel/main.py", "wrong")
    with pytest.raises(Problem, match=r"main.py: wrong"):
        tree.build()
    with pytest.raises(Problem, match=r"main.py: wrong"):
        tree.build()
    tree.write("kernel/main.py", "right")
    # A program that was still waiting when the kernel failed is made now.
    assert tree.build() >= {"kernel", "image"}


def test_a_tree_without_a_kernel_has_no_image(tree: Tree) -> None:
    (tree.root / "kernel" / "main.py").unlink()
    assert tree.build() == {"hello", "args"}
    with pytest.raises(Problem, match=r"kernel/main.py is missing"):
        build_tree.require_image()
