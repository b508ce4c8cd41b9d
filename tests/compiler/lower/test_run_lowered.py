"""Compiled programs do what CPython does: control flow through finally, with and handlers, and chained tracebacks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from compiler.diagnostics.sink import DiagnosticSink
from compiler.options import BuildOptions
from compiler.pipeline import build

SOURCE = """
from __future__ import annotations


class Guard:
    def __init__(self, name: str, swallow: bool) -> None:
        self.name = name
        self.swallow = swallow

    def __enter__(self) -> Guard:
        print("enter", self.name)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        print("exit", self.name, error is not None)
        return self.swallow


def override(n: int) -> int:
    for i in range(3):
        try:
            if i == n:
                return 100
            if i == 2:
                break
            continue
        finally:
            print("finally", i)
            if n == 5:
                return 55
    else:
        print("else")
    return -1


def guarded(n: int) -> int:
    for i in range(4):
        with Guard("outer", False), Guard("inner", n == 3):
            if i == n:
                return i
            if n == 3:
                raise ValueError(str(i))
            if i == 1:
                break
    return -1


def helper() -> None:
    raise ValueError("from helper")


def chained() -> None:
    try:
        try:
            [1][3]
        finally:
            print("cleanup")
    except LookupError as error:
        print(error)
        try:
            helper()
        except ValueError as inner:
            raise KeyError("missing") from inner


def main() -> None:
    print([override(n) for n in (0, 1, 2, 5, 7)])
    print([guarded(n) for n in (0, 1, 2, 3)])
    print([i for i in range(9223372036854775800, 9223372036854775807, 4)], [i for i in range(3, -4, -3)])
    chained()


main()
"""


def test_output_and_traceback_are_cpythons(tmp_path: Path) -> None:
    source, image = tmp_path / "case.py", tmp_path / "case"
    source.write_text(SOURCE)
    image.write_bytes(build(BuildOptions(source, use_cache=False, verify_each=True), DiagnosticSink()).image)
    image.chmod(0o755)
    ours = subprocess.run([image], capture_output=True, text=True, timeout=30)
    theirs = subprocess.run([sys.executable, source], capture_output=True, text=True, timeout=30)
    assert ours.stdout == theirs.stdout
    assert ours.returncode == theirs.returncode == 1
    shown = [line for line in theirs.stderr.splitlines() if not line.startswith("    ")]
    assert ours.stderr.splitlines()[-4:] == shown[-4:]
