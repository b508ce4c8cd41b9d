"""Running a case twice, as CPython runs it and as a compiled program, in the form in which the two are compared.

What counts: standard output byte for byte, the exit code, and of an uncaught exception every line but the source lines
and carets (they are indented by four spaces; the frames and the exception's own line are not).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from compiler.diagnostics.errors import CompileFailed, InternalError
from compiler.diagnostics.render import render_all
from compiler.diagnostics.sink import DiagnosticSink
from compiler.options import BuildOptions
from compiler.pipeline import build
from tests.case_files import CASES, options_of

ROOT = CASES.parent.parent
RUN_TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run shows to the world."""

    stdout: str
    stderr: str
    exit_code: int

    def __str__(self) -> str:
        return f"{self.stdout}--- stderr\n{self.stderr}--- exit code {self.exit_code}\n"


def run_cases() -> list[Path]:
    """The files to run: every file, but of a folder with a `main.py` only that one."""
    folder = CASES / "run"
    mains = sorted(folder.rglob("main.py"))
    packages = {main.parent for main in mains}
    alone = [path for path in folder.rglob("*.py") if not packages.intersection(path.parents)]
    return sorted([*mains, *alone])


def name_of(path: Path) -> str:
    return str(path.relative_to(CASES / "run").with_suffix("")).removesuffix("/main")


def without_source_lines(text: str) -> str:
    """A traceback without the lines that show source."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("    "))


def executed(command: list[str], path: Path) -> Outcome:
    arguments = options_of(path.read_text()).get("arguments", "").split()
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, *arguments], capture_output=True, env=environment, cwd=ROOT, timeout=RUN_TIMEOUT_SECONDS, check=False
    )
    stderr = without_source_lines(done.stderr.decode("utf-8", "replace"))
    return Outcome(done.stdout.decode("utf-8", "replace"), stderr, done.returncode)


def run_on_cpython(path: Path) -> Outcome:
    """The oracle: CPython, or the stored transcript of a case in which the language differs from it."""
    stored = path.with_suffix(".expected")
    if stored.exists():
        text = stored.read_text().replace("{path}", str(path))
        stdout, _, rest = text.partition("--- stderr\n")
        stderr, _, code = rest.rpartition("--- exit code ")
        return Outcome(stdout, stderr, int(code))
    if "runtime.lang" in path.read_text():
        return executed([sys.executable, "-m", "compiler", "run", "--cpython", str(path)], path)
    return executed([sys.executable, str(path)], path)


def run_compiled(path: Path, optimise: bool) -> Outcome:
    """Build in this process and run; the diagnostics stand in for stderr where the build fails."""
    sink = DiagnosticSink()
    try:
        made = build(BuildOptions(path, optimise=optimise, jobs=1), sink)
    except CompileFailed:
        return Outcome("", render_all(sink), -1)
    except InternalError as error:
        return Outcome("", str(error), -2)
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "case"
        program.write_bytes(made.image)
        program.chmod(0o755)
        return executed([str(program)], path)
