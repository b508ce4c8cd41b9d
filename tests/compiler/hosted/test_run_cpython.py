"""`pyc run --cpython`: programs whose plain run would differ give what the compiled program gives."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
HELLO = ROOT / "user" / "programs" / "hello.py"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run shows the world."""

    code: int
    output: str
    errors: str


Runner = Callable[..., Outcome]


def pyc(folder: Path, cache: Path, *arguments: str | Path) -> Outcome:
    environment = {**os.environ, "PYC_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "compiler", *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env=environment, check=False, timeout=100
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def hosted(tmp_path: Path, cache: Path) -> Runner:
    """Writes files (the first one is the main module) and runs them under CPython."""

    def run(*arguments: str, **files: str) -> Outcome:
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        return pyc(tmp_path, cache, "run", "--cpython", f"{next(iter(files))}.py", *arguments)

    return run


def without_carets(text: str) -> str:
    """Traceback texts are compared without the lines that mark columns and those that show the source."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("    "))


@pytest.mark.parametrize("program", [*PROGRAMS, HELLO], ids=lambda path: path.stem)
def test_cpython_and_the_compiled_program_agree(program: Path, cache: Path) -> None:
    compiled = pyc(ROOT, cache, "run", program)
    hosted = pyc(ROOT, cache, "run", "--cpython", program)
    assert (hosted.code, hosted.output) == (compiled.code, compiled.output)
    assert without_carets(hosted.errors) == without_carets(compiled.errors)


def test_the_widths_program_is_no_empty_promise(cache: Path) -> None:
    """The stored answers, so that two wrong runs cannot agree."""
    found = pyc(ROOT, cache, "run", "--cpython", Path(__file__).parent / "programs" / "widths.py")
    assert found.code == 3
    assert found.output.splitlines()[:4] == [
        "255 3 4278190080",
        "add: integer overflow",
        "wide: integer overflow",
        "default raised",
    ]
    assert found.output.splitlines()[-3:] == ["200 1024 200000 400 5 200", "found", "matched"]
    assert found.errors == ""


def test_the_second_run_comes_from_the_cache(hosted: Runner) -> None:
    text = "from runtime.lang import u8\nx: u8 = 255\nprint(x)\n"
    assert hosted(main=text) == hosted(main=text) == Outcome(0, "255\n", "")
    assert hosted(main=text.replace("255", "254")).output == "254\n"


def test_a_changed_import_is_seen(hosted: Runner) -> None:
    main = "import part\nprint(part.f(255))\n"
    part = "from runtime.lang import u8\n\ndef f(x: u8) -> u8:\n    return x - 1\n"
    assert hosted(main=main, part=part).output == "254\n"
    assert hosted(main=main, part=part.replace("- 1", "- 2")).output == "253\n"


def test_a_traceback_shows_the_users_frames_only(hosted: Runner) -> None:
    main = "from part import f\n\nf(255)\n"
    part = "from runtime.lang import u8\n\ndef f(x: u8) -> u8:\n    return x + 1\n"
    found = hosted(main=main, part=part)
    assert found.code == 1
    assert 'main.py", line 3, in <module>' in found.errors
    assert 'part.py", line 4, in f' in found.errors
    assert found.errors.count("  File ") == 2
    assert found.errors.splitlines()[-1] == "OverflowError: integer overflow"


def test_chained_exceptions_keep_their_parts(hosted: Runner) -> None:
    main = """\
        from runtime.lang import u8

        def f(x: u8) -> u8:
            try:
                return x + 1
            except OverflowError as error:
                raise ValueError("too much") from error

        f(255)
        """
    found = hosted(main=main)
    assert found.code == 1
    assert "The above exception was the direct cause" in found.errors
    assert "runtime" not in found.errors
    assert "launch.py" not in found.errors


def test_arguments_and_the_main_module(hosted: Runner) -> None:
    main = 'import sys\n\nif __name__ == "__main__":\n    print(len(sys.argv), sys.argv[1], sys.argv[2])\n'
    assert hosted("a b", "--cpython", main=main).output == "3 a b --cpython\n"


@pytest.mark.parametrize(("ending", "code"), [("sys.exit(7)", 7), ("sys.exit()", 0), ("raise SystemExit(2)", 2)])
def test_exit_codes(hosted: Runner, ending: str, code: int) -> None:
    assert hosted(main=f"import sys\n\nprint(len(sys.argv))\n{ending}\n").code == code


def test_mistakes_are_shown_as_by_check(hosted: Runner, tmp_path: Path, cache: Path) -> None:
    found = hosted(main="from runtime.lang import u8\n\nx: u8 = 256\n")
    assert found.code == 1
    assert found.output == ""
    assert found == pyc(tmp_path, cache, "check", "main.py")
    assert "E0501" in found.errors


def test_functions_nobody_calls_are_converted(hosted: Runner) -> None:
    """A default that every call overrides is converted all the same: who looks at it sees its width."""
    main = """\
        from part import Part, f

        print(f(1), Part(2).x)
        """
    part = """\
        from dataclasses import dataclass

        from runtime.lang import u8

        @dataclass
        class Part:
            x: u8 = 255

        def f(x: u8 = 255) -> u8:
            return x

        def never(x: u8) -> u8:
            y: u8 = 255
            return x + y
        """
    assert hosted(main=main, part=part) == Outcome(0, "1 2\n", "")


def test_started_without_the_loader_it_refuses(tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text("from runtime.lang import u8\n\nx: u8 = 255\nprint(x + 1)\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"{script} uses the fixed-width types of runtime.lang; run it with: pyc run --cpython {script}"
    ]


def test_a_module_named_like_the_compiler_is_the_programs_own(tmp_path: Path, cache: Path) -> None:
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "compiler.py").write_text('NAME = "mine"\n', encoding="utf-8")
    (folder / "main.py").write_text("import compiler\n\nprint(compiler.NAME)\n", encoding="utf-8")
    assert pyc(tmp_path, cache, "run", "--cpython", "program/main.py") == Outcome(0, "mine\n", "")
