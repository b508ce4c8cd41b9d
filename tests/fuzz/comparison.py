"""Running a random program on CPython and compiled, and telling which of its functions differ.

A function that the compiler refuses is taken out, with those that call it, until the rest compiles: refusing is not
a difference, but it is counted and kept with its message, because a good program that is refused is a fault too.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from compiler.diagnostics.errors import CompileFailed
from compiler.diagnostics.sink import DiagnosticSink
from compiler.options import BuildOptions
from compiler.pipeline import build
from tests.fuzz.programs import Piece, program

RUN_SECONDS = 30.0
LABEL = re.compile(r"^(f\d+) ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program printed and how it ended."""

    stdout: str
    stderr: str
    exit_code: int


@dataclass(slots=True)
class Compared:
    """The result for one program: the functions compared, those that differ with the reason, those refused."""

    compared: list[str] = field(default_factory=list)
    differing: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def ran(command: list[str]) -> Ran:
    try:
        done = subprocess.run(command, capture_output=True, timeout=RUN_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Ran("", "does not end", -1)
    return Ran(done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"), done.returncode)


def on_cpython(source: str, folder: Path) -> Ran:
    path = folder / "hosted.py"
    path.write_text(source)
    return ran([sys.executable, "-X", "utf8", str(path)])


def image_of(source: str, folder: Path, optimise: bool) -> bytes | list[tuple[int, str]]:
    """A program, or the lines that the compiler refuses with what it says."""
    path = folder / "program.py"
    path.write_text(source)
    sink = DiagnosticSink()
    try:
        return build(BuildOptions(path, optimise=optimise, jobs=1), sink).image
    except CompileFailed:
        return [(d.span.line, f"{d.code} {d.message}") for d in sink.diagnostics()]


def run_image(image: bytes, folder: Path) -> Ran:
    path = folder / "program"
    path.write_bytes(image)
    path.chmod(0o755)
    return ran([str(path)])


def owner_of(line: int, source: str) -> str:
    """The function whose definition or driver holds a line."""
    owner = ""
    for text in source.split("\n")[:line]:
        if text.startswith("def f"):
            owner = text[4:].partition("(")[0]
    return owner


def compilable(parts: list[Piece], folder: Path, result: Compared) -> list[Piece]:
    """The functions without those that are refused and those that need them."""
    while True:
        source = program(parts, compiled=True)
        outcome = image_of(source, folder, False)
        if isinstance(outcome, bytes) or not parts:
            return parts
        lines = source.split("\n")
        for line, message in outcome:
            owner = owner_of(line, source)
            excerpt = lines[line - 1].strip() if line else ""
            result.refused.setdefault(owner, f"{message}: {excerpt}")
        if "" in result.refused:
            raise AssertionError(f"the prelude is refused: {result.refused['']}")
        parts = without(parts, set(result.refused))


def without(parts: list[Piece], names: set[str]) -> list[Piece]:
    """Functions that neither bear one of the names nor call, directly or not, one that does."""
    kept: list[Piece] = []
    gone = set(names)
    for part in parts:
        used = set(re.findall(r"\b(f\d+)\(", part.source))
        if part.name in gone or used & gone:
            gone.add(part.name)
        else:
            kept.append(part)
    return kept


def by_label(text: str) -> dict[str, list[str]]:
    """The lines of each function, without the calls' order."""
    found: dict[str, list[str]] = {}
    for line in text.split("\n"):
        found.setdefault(line.partition(" ")[0], []).append(line)
    return found


def differences(expected: Ran, got: Ran, option: str) -> Iterator[tuple[str, str]]:
    """Which functions differ, and how."""
    if got.exit_code != expected.exit_code:
        labels = LABEL.findall(got.stdout)
        reason = f"exit code {got.exit_code}, not {expected.exit_code}: {got.stderr[-300:]}"
        yield following(expected.stdout, labels[-1] if labels else ""), f"{option}: {reason}"
        return
    wanted, seen = by_label(expected.stdout), by_label(got.stdout)
    for label, lines in wanted.items():
        other = seen.get(label, [])
        if other != lines:
            pairs = zip([*lines, ""], [*other, ""], strict=False)
            first = next(((a, b) for a, b in pairs if a != b), (lines[-1], "… more lines"))
            extra = [line for line in other if line not in lines]
            yield label, f"{option}: {first[0]!r}, compiled {first[1]!r}, {extra[:1]}"


def following(text: str, label: str) -> str:
    """The function that ran after the last one that printed in full; a crash is most likely there."""
    labels = list(dict.fromkeys(LABEL.findall(text)))
    if label not in labels:
        return labels[0] if labels else ""
    place = labels.index(label)
    return labels[min(place + 1, len(labels) - 1)]


def compare(parts: list[Piece], *, optimise: tuple[bool, ...] = (False, True)) -> Compared:
    """Compare one program as CPython runs it and as it runs compiled."""
    result = Compared()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = compilable(parts, folder, result)
        expected = on_cpython(program(parts, compiled=False), folder)
        if expected.exit_code != 0:
            raise AssertionError(f"the program is no good on CPython: {expected.stderr[-2000:]}")
        result.compared = [part.name for part in parts]
        for optimised in optimise:
            image = image_of(program(parts, compiled=True), folder, optimised)
            assert isinstance(image, bytes), f"refused with another option only: {image}"
            option = "optimised" if optimised else "-O0"
            for label, reason in differences(expected, run_image(image, folder), option):
                result.differing.setdefault(label, reason)
    return result
