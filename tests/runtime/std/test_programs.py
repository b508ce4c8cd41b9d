"""The programs compiled for Linux print what CPython prints, and leave with the same status."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TIME_LIMIT_SECONDS = 60

SOURCES = {
    "traceback": """
def inner(n: int) -> int:
    return [1, 2][n]


def outer(n: int) -> int:
    try:
        return inner(n)
    except IndexError as error:
        raise ValueError("bad") from error


print("start")
outer(7)
""",
    "status": """
import sys
print("é", len(sys.argv))
sys.exit(3)
""",
    "message": """
raise SystemExit("leaving")
""",
    "surrogate": """
print("\\ud800")
""",
    "values": """
print(f"{255:#06x} {1234567:,} {'ab':>5}|{3:03d}", "a,b,,c".split(","), "Straße".upper(), "abc"[::-1])
print([1, 2, 3], b"a\\x00'", int("  -42 "), int("ff", 16), "x" * 3, "abc".find("c"), 2.5 // 1.0, -7.5 % 2.0)
print(0.1 + 0.2, 1e22, f"{3.14159:.2f}", float("1e-3"), round(2.5), 7 / 2, sorted(["b", "a"]), max([4, 9]))
""",
}


def run(command: list[str]) -> tuple[int, str, list[str]]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT_SECONDS, cwd=ROOT, check=False)
    errors = [line for line in done.stderr.splitlines() if not line.startswith("    ")]
    return done.returncode, done.stdout, errors


def build(source: Path, folder: Path) -> str:
    program = folder / "program"
    command = [sys.executable, "-m", "compiler", "build", str(source), "-o", str(program)]
    subprocess.run(command, check=True, timeout=TIME_LIMIT_SECONDS, cwd=ROOT)
    return str(program)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SOURCES))
def test_same_output_as_cpython(name: str, tmp_path: Path) -> None:
    source = tmp_path / f"{name}.py"
    source.write_text(SOURCES[name], encoding="utf-8")
    assert run([build(source, tmp_path)]) == run([sys.executable, str(source)])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hello", "allocate"])
def test_user_programs(name: str, tmp_path: Path) -> None:
    source = ROOT / "user" / "programs" / f"{name}.py"
    assert run([build(source, tmp_path)]) == run([sys.executable, str(source)])


@pytest.mark.slow
def test_arguments_keep_their_bytes(tmp_path: Path) -> None:
    program = build(ROOT / "user" / "programs" / "args.py", tmp_path)
    assert run([program, "a b", "ß", ""]) == (0, f"{program}\na b\nß\n\n", [])
