"""The machine that most booted tests share: one disk with all their programs, one boot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from compiler.image.disk import write_disk_image
from tests.boot.bad_programs import BAD_PROGRAMS, GOOD_PROGRAMS, UNLOADABLE_PROGRAMS
from tests.boot.guest import Guest, running_guest
from tests.machine import build_tree
from tests.machine.disk_image import write
from tests.machine.layout import PROGRAMS, ROOT

SOURCES = Path(__file__).parent / "programs"
COMPILER_OPTIONS = (
    *("-static", "-nostdlib", "-ffreestanding", "-fno-builtin", "-O1", "-mno-red-zone", "-fno-pic"),
    *("-fno-stack-protector", "-fcf-protection=none"),
)
PYTHON_PROGRAMS = ("raises", "leaves", "fills_memory")
TEXT_FILES = {
    "/texts/hello.txt": b"Hello from FAT16!\n",
    "/texts/no line end": b"abc",
    "/texts/empty": b"",
    "/texts/Grüße 日本.txt": "Grüße\n日本語\n".encode(),
    "/texts/broken": bytes(range(33, 97)) * 500,
    "/texts/long.txt": b"".join(b"%05d\n" % number for number in range(3000)),
}


@dataclass(frozen=True, slots=True)
class Patch:
    """One place of a kernel file, and what stands there in a build for one test."""

    file: str
    old: str
    new: str

    def apply(self, tree: Path) -> None:
        path = tree / self.file
        text = path.read_text(encoding="utf-8")
        assert text.count(self.old) == 1, f"{self.file} has changed: {self.old!r} is not there once"
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


@pytest.fixture(scope="session")
def probe_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """programs/probe.c, compiled by the system's C compiler: a judge that pyc had no hand in."""
    compiler = shutil.which("clang") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("neither clang nor gcc is installed")
    program = tmp_path_factory.mktemp("probe") / "probe"
    subprocess.run([compiler, *COMPILER_OPTIONS, str(SOURCES / "probe.c"), "-o", str(program)], check=True)
    return program


@pytest.fixture(scope="session")
def python_programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The Python programs beside probe.c, compiled by pyc."""
    folder = tmp_path_factory.mktemp("programs")
    for name in PYTHON_PROGRAMS:
        command = [sys.executable, "-m", "compiler", "build", str(SOURCES / f"{name}.py"), "-o", str(folder / name)]
        subprocess.run(command, check=True, cwd=ROOT)
    return {name: folder / name for name in PYTHON_PROGRAMS}


@pytest.fixture(scope="session")
def crowded_disk(
    tmp_path_factory: pytest.TempPathFactory,
    disk_image: Path,
    probe_program: Path,
    python_programs: dict[str, Path],
) -> Path:
    """The built disk and everything that the tests of this folder run or read."""
    files = {**build_tree.root_tree(build_tree.compile_targets()), **TEXT_FILES, **GOOD_PROGRAMS, **UNLOADABLE_PROGRAMS}
    files |= {file.path: file.content for file in BAD_PROGRAMS}
    files |= {f"/bin/{name}": path.read_bytes() for name, path in {**python_programs, "probe": probe_program}.items()}
    image = tmp_path_factory.mktemp("disk") / "disk.img"
    write(image, files)
    return image


@pytest.fixture(scope="session")
def patched_disks(
    tmp_path_factory: pytest.TempPathFactory, crowded_disk: Path, probe_program: Path
) -> Callable[[Sequence[Patch]], Path]:
    """A function: patches of kernel files → a disk whose kernel has them. The sources themselves stay as they are."""

    def make(patches: Sequence[Patch]) -> Path:
        folder = tmp_path_factory.mktemp("patched")
        shutil.copytree(ROOT / "kernel", folder / "kernel", ignore=shutil.ignore_patterns("__pycache__"))
        for patch in patches:
            patch.apply(folder)
        kernel = folder / "BOOTX64.EFI"
        build_kernel(folder, kernel)
        image = folder / "disk.img"
        files = {**build_tree.root_tree(build_tree.compile_targets()), "/bin/probe": probe_program.read_bytes()}
        write_disk_image(image, files, efi_boot=kernel.read_bytes())
        return image

    return make


def build_kernel(tree: Path, output: Path) -> None:
    """Compile the kernel of another tree; what is as in ours comes from the cache."""
    command = [sys.executable, "-m", "compiler", "build", "--target", "kernel"]
    for program in build_tree.EMBEDDED_PROGRAMS:
        command += ["--embed", f"{program}={PROGRAMS / program}"]
    command += ["kernel/main.py", "-o", str(output)]
    done = subprocess.run(
        command, cwd=tree, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="package")
def guest(crowded_disk: Path) -> Iterator[Guest]:
    """A machine at its prompt; whatever a test does to it, the next one must find it working."""
    with running_guest(crowded_disk) as machine:
        yield machine
