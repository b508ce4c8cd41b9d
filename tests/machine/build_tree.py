"""The incremental build: kernel, programs, disk image; nothing is done twice.

A target is up to date when its stamp holds the hash of all its inputs and the hash-free facts (size, time) of its
output. Inputs are hashed by content: a touched but unchanged file costs nothing. Kernel and programs are compiled by
`pyc` in processes of their own, as many at once as there are processors; what pyc prints is shown as it is and its exit
code becomes ours.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.machine import disk_image
from tests.machine.layout import (
    BUILD,
    DISK_IMAGE,
    KERNEL_IMAGE,
    KERNEL_SOURCE,
    PROGRAMS,
    PROJECT_FILE,
    ROOT,
    STAMPS,
)
from tests.machine.problem import ExitCode, Problem
from tests.machine.progress import Progress


@dataclass(frozen=True, slots=True)
class Target:
    """One file to make: its name, its output, what it depends on, and how it is made."""

    name: str
    output: Path
    fingerprint: str
    make: Callable[[], None]

    @property
    def stamp(self) -> Path:
        return STAMPS / self.name

    def expected_stamp(self) -> str:
        status = self.output.stat()
        return f"{self.fingerprint} {status.st_size} {status.st_mtime_ns}"

    def is_fresh(self) -> bool:
        try:
            return self.stamp.read_text(encoding="ascii") == self.expected_stamp()
        except OSError:
            return False


def source_files(folder: Path) -> list[Path]:
    """Every Python file below a folder, sorted; caches are not sources."""
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def hash_files(files: Sequence[Path], *more: str) -> str:
    """One hash over names and contents, and over what else decides the result."""
    digest = hashlib.sha256("\0".join(more).encode())
    for file in files:
        digest.update(b"\0" + str(file.relative_to(ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def toolchain_fingerprint() -> str:
    """Whatever may change the meaning of every source: compiler, runtime, pins, Python."""
    files = [*source_files(ROOT / "compiler"), *source_files(ROOT / "runtime"), PROJECT_FILE]
    return hash_files(files, sys.version)


def program_sources() -> list[Path]:
    """One program per file in user/programs and user/."""
    folders = (ROOT / "user" / "programs", ROOT / "user")
    return [path for folder in folders for path in sorted(folder.glob("*.py")) if not path.name.startswith("_")]


# Programs the kernel carries in itself, for its `elf` command and self-test: they are built before it.
EMBEDDED_PROGRAMS = ("hello",)


def compile_source(name: str, options: Sequence[str], source: Path, output: Path) -> None:
    """Run pyc; its messages are for the user, and so is its exit code."""
    output.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "compiler", "build", *options]
    command += [str(source.relative_to(ROOT)), "-o", str(output.relative_to(ROOT))]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.stdout:
        sys.stderr.write(done.stdout)
    if done.returncode != 0:
        output.unlink(missing_ok=True)
        code = done.returncode if done.returncode > 0 else ExitCode.OUR_FAULT
        raise Problem(code, done.stderr.rstrip("\n") or f"pyc ended with {done.returncode} while building {name}")
    sys.stderr.write(done.stderr)


def compile_targets() -> list[Target]:
    """The kernel first: it takes longest."""
    if not (ROOT / "compiler").is_dir():
        return []
    toolchain = toolchain_fingerprint()
    shared = hash_files(source_files(ROOT / "user"), toolchain) if (ROOT / "user").is_dir() else toolchain
    targets: list[Target] = []
    if KERNEL_SOURCE.exists():
        fingerprint = hash_files(source_files(ROOT / "kernel"), toolchain)
        options = ["--target", "kernel"]
        for program in EMBEDDED_PROGRAMS:
            options += ["--embed", f"{program}={PROGRAMS.relative_to(ROOT) / program}"]
        targets.append(compile_target("kernel", options, KERNEL_SOURCE, KERNEL_IMAGE, f"{fingerprint}:{shared}"))
    for source in program_sources():
        output = PROGRAMS / source.stem
        targets.append(compile_target(source.stem, [], source, output, f"{shared}:{source.stem}"))
    return targets


def compile_target(name: str, options: list[str], source: Path, output: Path, fingerprint: str) -> Target:
    return Target(name, output, fingerprint, lambda: compile_source(name, options, source, output))


def image_target(compiled: Sequence[Target]) -> Target:
    """The disk image holds the kernel where the firmware looks, and every program in /bin."""
    parts = [f"{target.name}={hashlib.sha256(target.output.read_bytes()).hexdigest()}" for target in compiled]
    fingerprint = hash_files(source_files(ROOT / "compiler" / "image"), toolchain_fingerprint(), *parts)
    return Target("image", DISK_IMAGE, fingerprint, lambda: disk_image.write(DISK_IMAGE, root_tree(compiled)))


def root_tree(compiled: Sequence[Target]) -> dict[str, bytes]:
    """What the guest sees: guest path → contents."""
    tree = {f"/bin/{target.name}": target.output.read_bytes() for target in compiled if target.name != "kernel"}
    return dict(sorted(tree.items()))


def make_target(target: Target, progress: Progress) -> None:
    target.stamp.unlink(missing_ok=True)
    with progress.step(target.name):
        target.make()
    target.stamp.write_text(target.expected_stamp(), encoding="ascii")


def make_targets(targets: Sequence[Target], progress: Progress) -> None:
    """Make what is not fresh, several at once; the first fault in the table's order is the one reported."""
    stale = [target for target in targets if not target.is_fresh()]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        pending = [pool.submit(make_target, target, progress) for target in stale]
        try:
            for future in pending:
                future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


@contextlib.contextmanager
def exclusive() -> Iterator[None]:
    """One build at a time: test processes share build/."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    with (STAMPS / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def remove_stale_programs(compiled: Sequence[Target]) -> None:
    """A program whose source is gone must not stay on the disk."""
    wanted = {target.output for target in compiled}
    if PROGRAMS.is_dir():
        for path in PROGRAMS.iterdir():
            if path.is_file() and path not in wanted:
                path.unlink()


def build() -> list[Target]:
    """Bring everything up to date; the targets in order, the image last."""
    with exclusive(), Progress() as progress:
        compiled = compile_targets()
        remove_stale_programs(compiled)
        make_targets([target for target in compiled if target.name in EMBEDDED_PROGRAMS], progress)
        make_targets(compiled, progress)
        if not KERNEL_SOURCE.exists():
            return compiled
        image = image_target(compiled)
        make_targets([image], progress)
        return [*compiled, image]


def require_image() -> Path:
    """Build, and give the disk image; the sources of a kernel must be there."""
    build()
    if not DISK_IMAGE.exists():
        missing = KERNEL_SOURCE.relative_to(ROOT)
        raise Problem(ExitCode.OUR_FAULT, f"{BUILD.name}/{DISK_IMAGE.name} was not built: {missing} is missing")
    return DISK_IMAGE
