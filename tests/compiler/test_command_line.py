"""`pyc` as people call it: what it makes, what it says about bad input, and with which exit code (DESIGN §7)."""

from __future__ import annotations

import json
import os
import pty
import random
import select
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from compiler.__main__ import main
from compiler.codegen.machine import compile_text
from compiler.commands.arguments import make_parser
from compiler.diagnostics.codes import CODES

ROOT = Path(__file__).resolve().parents[2]
HELLO = """\
import sys


def main() -> None:
    print("hello", sys.argv[1:])


main()
"""


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory):
    """One cache for all tests of this file: only the first build compiles the runtime."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYC_CACHE_DIR", str(folder))
        patch.setenv("PYTHONPATH", str(ROOT))
        yield folder


@pytest.fixture(autouse=True)
def work_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("hello.py").write_text(HELLO)
    return tmp_path


def pyc(*arguments: str | bytes, **options) -> subprocess.CompletedProcess[str]:
    """A process of its own."""
    command = [sys.executable, "-m", "compiler", *arguments]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, **options)


def output_of(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


# --- what is made ----------------------------------------------------------------------------------------------------


def test_the_result_is_named_after_the_source() -> None:
    assert main(["build", "hello.py"]) == 0
    assert output_of("./hello", "one", "two words") == "hello ['one', 'two words']\n"


@pytest.mark.parametrize("flags", [["-O0"], ["--debug"], ["--strip"], ["--no-cache", "-j", "1"], ["--verify-each"]])
def test_every_kind_of_build_behaves_alike(flags: list[str]) -> None:
    assert main(["build", *flags, "hello.py", "-o", "made/here"]) == 0
    assert output_of("made/here", "x") == "hello ['x']\n"


def test_imports_are_followed_and_noticed() -> None:
    Path("app.py").write_text("import part\nfrom package.inner import name\nprint(part.value(), name())\n")
    Path("part.py").write_text("def value() -> int:\n    return 1\n")
    Path("package").mkdir()
    Path("package/inner.py").write_text("def name() -> str:\n    return 'one'\n")
    assert main(["build", "app.py"]) == 0
    assert output_of("./app") == "1 one\n"
    Path("part.py").write_text("def value() -> int:\n    return 2\n")
    assert main(["build", "app.py"]) == 0
    assert output_of("./app") == "2 one\n"
    Path("part").mkdir()  # a package goes before a module
    Path("part/__init__.py").write_text("def value() -> int:\n    return 3\n")
    assert main(["build", "app.py"]) == 0
    assert output_of("./app") == "3 one\n"


def test_the_mode_follows_the_mask() -> None:
    mask = os.umask(0o077)
    try:
        assert main(["build", "hello.py"]) == 0
    finally:
        os.umask(mask)
    assert stat.S_IMODE(Path("hello").stat().st_mode) == 0o700


def test_a_link_stays_a_link_and_a_device_a_device() -> None:
    Path("real").write_text("old")
    Path("link").symlink_to("real")
    assert main(["build", "hello.py", "-o", "link"]) == 0
    assert Path("link").is_symlink()
    assert output_of("./real") == "hello []\n"
    assert main(["build", "hello.py", "-o", "/dev/null"]) == 0
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_run_passes_arguments_and_status() -> None:
    done = pyc("run", "hello.py", "--help", "-o", "x")
    assert (done.returncode, done.stdout, done.stderr) == (0, "hello ['--help', '-o', 'x']\n", "")
    Path("fails.py").write_text("raise SystemExit(7)\n")
    assert pyc("run", "fails.py").returncode == 7
    Path("raises.py").write_text("def f() -> None:\n    raise ValueError('no')\n\n\nf()\n")
    done = pyc("run", "-O0", "raises.py")
    assert done.returncode == 1
    assert done.stderr == (
        "Traceback (most recent call last):\n"
        '  File "raises.py", line 5, in <module>\n'
        '  File "raises.py", line 2, in f\n'
        "ValueError: no\n"
    )


def test_run_needs_no_cache_that_can_be_written() -> None:
    done = pyc("run", "hello.py", env={**os.environ, "PYC_CACHE_DIR": "/proc/none"})
    assert (done.returncode, done.stdout) == (0, "hello []\n")


ODD_NAMES = ["-odd.py", "with space.py", "grüße.py", "старт.pyw", "none", "two.dots.py", "quote'\".py", "new\nline.py"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_file_names(name: str, work_folder: Path) -> None:
    Path(name).write_text(HELLO)
    assert main(["build", "-o", "made", "--", name]) == 0
    assert output_of("./made") == "hello []\n"


# --- looking inside --------------------------------------------------------------------------------------------------

EMITTED = {
    "tree": "FunctionDefinition",
    "types": "def __main__.main() -> None:",
    "ir": "__main__.main",
    "llvm": "target triple",
    "asm": ".section",
    "map": "entry 0x40",
}


@pytest.mark.parametrize("stage", EMITTED)
def test_each_stage_can_be_printed(stage: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "hello.py", "--emit", stage]) == 0
    printed = capfd.readouterr().out
    assert EMITTED[stage] in printed
    assert not Path("hello").exists()
    assert main(["build", "hello.py", "--emit", stage, "-o", "stage.txt"]) == 0
    assert Path("stage.txt").read_text() == printed


def test_objects_are_written_and_a_system_linker_accepts_them(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "hello.py", "--emit", "obj"]) == 0
    files = capfd.readouterr().out.splitlines()
    assert "hello.py.objects/__main__.o" in files
    assert sorted(files) == sorted(str(path) for path in Path("hello.py.objects").iterdir())
    subprocess.run(["ld", "-r", "-o", "linked.o", *files], check=True)
    assert " T _start\n" in output_of("nm", "linked.o")


def test_the_intermediate_form_after_a_pass_and_of_one_function(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "hello.py", "--emit", "ir", "--emit-after", "drop_dead", "--only", "__main__.main"]) == 0
    before = capfd.readouterr().out
    assert main(["build", "hello.py", "--emit", "ir", "--only", "__main__.main"]) == 0
    after = capfd.readouterr().out
    assert "retain" not in before
    assert len(after) > len(before) > 0


def test_times_of_all_stages_are_printed(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "hello.py", "--time-passes"]) == 0
    times = capfd.readouterr().err
    for stage in ("resolve", "check", "lower", "passes", "reference_counts", "llvm", "link", "in all"):
        assert f" {stage}\n" in times


def test_check_takes_several_files(capfd: pytest.CaptureFixture[str]) -> None:
    Path("wrong.py").write_text("def f() -> int:\n    return 'x'\n")
    Path("broken.py").write_text("def f(:\n")
    assert main(["check", "hello.py"]) == 0
    assert capfd.readouterr() == ("", "")
    assert main(["check", "hello.py", "wrong.py", "broken.py"]) == 1
    text = capfd.readouterr().err
    assert "wrong.py:2:12" in text and "broken.py:1:7" in text
    assert main(["check", "--json", "wrong.py", "hello.py", "broken.py"]) == 1
    printed = capfd.readouterr()
    assert [one["span"]["file"] for one in json.loads(printed.out)] == ["wrong.py", "broken.py"]
    assert printed.err == ""


def test_help_of_every_command_fits_a_terminal(capfd: pytest.CaptureFixture[str], monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for command in ([], ["build"], ["run"], ["check"]):
        assert main([*command, "--help"]) == 0
        printed = capfd.readouterr().out
        assert printed.startswith(f"usage: {' '.join(['pyc', *command])} ")
        assert max(map(len, printed.splitlines())) <= 110
    assert main(["--version"]) == 0
    assert capfd.readouterr().out.startswith("pyc ")
    assert make_parser().prog == "pyc"


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_is_explained(code: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--explain", code]) == 0
    assert capfd.readouterr().out.startswith(f"{code}: ")


# --- bad command lines -----------------------------------------------------------------------------------------------

COMMAND_LINES = {
    "": "usage: pyc",
    "bild hello.py": "invalid choice: 'bild'",
    "build": "the following arguments are required: FILE",
    "build --bogus hello.py": "unrecognized arguments: --bogus",
    "build missing.py": "there is no file missing.py",
    "build helo.py": "did you mean hello.py?",
    "build hello": "did you mean hello.py?",
    "build .": "is a folder",
    "build /dev/null": "is not a regular file",
    "build hello.py -j 0": "is not a number from 1 to 1024",
    "build hello.py -o .": "is a folder",
    "build hello.py -o hello.py": "would overwrite hello.py",
    "build hello.py -o /proc/none/x": "/proc/none/x: No such file",
    "build hello.py --emit pictures": "invalid choice: 'pictures'",
    "build hello.py --emit-after drop_dead": "belongs to --emit ir",
    "build hello.py --emit ir --emit-after nothing": "there is no pass 'nothing'",
    "build hello.py --only main": "--only belongs to",
    "build hello.py --emit types --only nothing": "no function that reaches this stage has 'nothing' in its name",
    "build hello.py --emit ir --only nothing": "no function that reaches this stage has 'nothing' in its name",
    "build hello.py --emit obj -o hello.py": "is not a folder",
    "build hello.py --embed x": "--embed takes NAME=FILE",
    "build hello.py --embed x=missing": "--embed takes NAME=FILE",
    "build hello.py --target toaster": "invalid choice: 'toaster'",
    "run missing.py": "there is no file missing.py",
    "check missing.py hello.py": "there is no file missing.py",
    "--explain E9999": "there is no diagnostic E9999",
}


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_a_wrong_command_line_is_told_in_a_line(line: str, capfd: pytest.CaptureFixture[str]) -> None:
    before = sorted(Path().iterdir())
    assert main(line.split()) == 2
    printed = capfd.readouterr()
    assert COMMAND_LINES[line] in printed.err
    assert printed.out == ""
    assert len(printed.err.splitlines()) <= 2 or line == ""
    assert sorted(Path().iterdir()) == before
    assert Path("hello.py").read_text() == HELLO


def test_an_import_is_not_overwritten(capfd: pytest.CaptureFixture[str]) -> None:
    Path("app.py").write_text("import part\nprint(part.VALUE)\n")
    Path("part.py").write_text("VALUE = 1\n")
    assert main(["build", "app.py", "-o", "part.py"]) == 2
    assert "would overwrite part.py" in capfd.readouterr().err
    assert Path("part.py").read_text() == "VALUE = 1\n"


def test_a_name_that_is_not_utf8_is_refused() -> None:
    Path(os.fsdecode(b"\xff.py")).write_text(HELLO)
    done = pyc("build", b"\xff.py")
    assert done.returncode == 2
    assert "is not UTF-8" in done.stderr


@pytest.mark.skipif(os.getuid() == 0, reason="nothing is unreadable to root")
def test_an_unreadable_file_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    Path("hello.py").chmod(0)
    assert main(["build", "hello.py"]) == 2
    assert capfd.readouterr().err == "pyc: hello.py: Permission denied\n"


# --- bad programs ----------------------------------------------------------------------------------------------------

EXTERNAL = (
    'from runtime.lang import external, u64\n\n\n@external("absent")\ndef f(x: u64) -> u64: ...\n\n\nprint(f(u64(1)))\n'
)
ASSEMBLY = """\
from runtime.lang import inline_assembly_void


def f() -> None:
    inline_assembly_void("bogus rax", "")


f()
"""
PROGRAMS = {
    "syntax": ("def f(:\n", "E0101", 1),
    "types": ("def f() -> int:\n    return 'x'\n\n\nf()\n", "E0307", 2),
    "unsupported": ("eval('1')\n", "E0114", 1),
    "missing import": ("import nowhere_to_be_found\n", "E0202", 1),
    "undefined symbol": (EXTERNAL, "E0701", 0),
    "assembly": (ASSEMBLY, "E0710", 0),
    "parentheses": (f"x = {'(' * 5000}1{')' * 5000}\n", "E0103", 1),
    "a long sum": (f"x = {'+'.join(['1'] * 20000)}\n", "E0103", 0),
    "binary": ("\0\1\2\xff\n", "E010", 0),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_wrong_program_is_shown_with_its_place(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    source, code, line = PROGRAMS[name]
    Path("wrong.py").write_text(source, "latin-1")
    assert main(["build", "wrong.py"]) == 1
    printed = capfd.readouterr()
    assert f"error[{code}" in printed.err
    assert (f"--> wrong.py:{line}:" if line else "--> wrong.py") in printed.err
    assert "Traceback" not in printed.err and printed.out == ""
    assert not Path("wrong").exists()


def test_an_empty_file_is_a_program() -> None:
    Path("empty.py").touch()
    assert main(["build", "empty.py"]) == 0
    assert output_of("./empty") == ""


@pytest.mark.slow
def test_a_huge_file_compiles() -> None:
    functions = (f"def f{i}(x: int) -> int:\n    return x + {i}\n" for i in range(5000))
    Path("huge.py").write_text("\n".join([*functions, "print(f4321(1))\n"]))
    assert main(["build", "huge.py"]) == 0
    assert output_of("./huge") == "4322\n"


# --- a machine that lacks something, and faults of ours --------------------------------------------------------------


def test_a_full_disk(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "hello.py", "-o", "/dev/full"]) == 3
    assert capfd.readouterr().err == "pyc: /dev/full: No space left on device\n"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "compiler", "build", "hello.py", "--emit", "ir"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr.endswith("No space left on device\n") and len(done.stderr.splitlines()) == 1


def test_a_file_that_no_longer_fits_leaves_nothing(work_folder: Path) -> None:
    limit = "import resource, sys\nfrom compiler.__main__ import main\n"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\nsys.exit(main(sys.argv[1:]))\n"
    command = [sys.executable, "-c", limit, "build", "hello.py", "-o", "made"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (2, 3)
    assert done.stderr.startswith(f"pyc: {work_folder}/made: File too large")
    assert [path.name for path in work_folder.iterdir()] == ["hello.py"]


def test_an_internal_error_names_everything(monkeypatch, capfd: pytest.CaptureFixture[str]) -> None:
    import compiler.lower.functions as functions

    def fail(context: object, instance: object) -> None:
        if getattr(instance, "symbol", "") == "__main__.main":
            raise AssertionError("an invariant does not hold")

    monkeypatch.setattr(functions, "lower_instance", fail)
    monkeypatch.setattr(sys, "argv", ["pyc", "build", "--no-cache", "hello.py"])
    assert main(["build", "--no-cache", "hello.py"]) == 4
    said = capfd.readouterr().err
    assert "internal error in stage `lower`: AssertionError: an invariant does not hold" in said
    assert "function: __main__.main" in said
    assert "source:   hello.py:4:" in said
    assert "to reproduce: pyc build --no-cache hello.py" in said
    assert "Traceback" not in said


def test_a_worker_that_dies_is_found_out(monkeypatch, capfd: pytest.CaptureFixture[str]) -> None:
    def killing(text: str, *rest):
        if 'source_filename = "__main__"' in text:
            os.write(2, b"LLVM ERROR: out of registers\n")
            os.kill(os.getpid(), signal.SIGKILL)
        return compile_text(text, *rest)

    monkeypatch.setattr("compiler.workers.compile_text", killing)
    assert main(["build", "--no-cache", "hello.py"]) == 4
    said = capfd.readouterr().err
    assert "LLVM ended with signal SIGKILL while compiling unit __main__: LLVM ERROR: out of registers" in said


@pytest.mark.parametrize("seconds", [0.02, 0.3, 0.7])
def test_ctrl_c_leaves_nothing_behind(seconds: float, work_folder: Path) -> None:
    command = [sys.executable, "-m", "compiler", "build", "--no-cache", "hello.py"]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=20)
    if process.returncode == 0:
        pytest.skip("the build was faster than the signal")
    # In the first moments the interpreter itself is still starting, and ends in its own way (1 from inside `site`).
    is_ours = seconds >= 0.1
    assert process.returncode in ((130, -signal.SIGINT) if is_ours else (130, -signal.SIGINT, 1))
    assert said == "pyc: interrupted\n" or not is_ours
    assert [path.name for path in work_folder.iterdir()] == ["hello.py"]
    for _ in range(50):
        if not group_lives(process.pid):
            return
        time.sleep(0.1)
    raise AssertionError("a process is left")


def group_lives(group: int) -> bool:
    """Whether a process of the group runs; one that only waits to be reaped does not count."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] not in "ZX":
            return True
    return False


# --- the cache -------------------------------------------------------------------------------------------------------


def test_a_damaged_cache_changes_nothing(cache: Path, tmp_path_factory, monkeypatch) -> None:
    assert main(["build", "hello.py", "-o", "first"]) == 0
    chosen = random.Random(1)
    entries = [path for path in cache.rglob("*") if path.is_file() and path.stat().st_size]
    assert entries
    for path in entries:
        data = bytearray(path.read_bytes())
        data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
        path.write_bytes(data)
    assert main(["build", "hello.py", "-o", "second"]) == 0
    assert Path("second").read_bytes() == Path("first").read_bytes()
    assert pyc("run", "hello.py").stdout == "hello []\n"


def test_a_cache_that_is_a_file_is_none(monkeypatch) -> None:
    Path("file").touch()
    monkeypatch.setenv("PYC_CACHE_DIR", "file")
    assert main(["build", "hello.py"]) == 0
    assert output_of("./hello") == "hello []\n"


def test_an_unchanged_build_reads_nothing_but_the_cache(monkeypatch) -> None:
    import compiler.pipeline as pipeline

    assert main(["build", "hello.py", "-o", "first"]) == 0

    def refuse(*_: object) -> None:
        raise AssertionError("a stage runs")

    monkeypatch.setattr(pipeline.Pipeline, "run", refuse)
    assert main(["build", "hello.py", "-o", "second"]) == 0
    assert Path("second").read_bytes() == Path("first").read_bytes()


def test_two_builds_at_once_agree() -> None:
    command = [sys.executable, "-m", "compiler", "build", "hello.py", "-o"]
    environment = {**os.environ, "PYC_CACHE_DIR": str(Path("fresh").absolute())}
    both = [subprocess.Popen([*command, name], env=environment) for name in ("one", "two")]
    assert [process.wait() for process in both] == [0, 0]
    assert Path("one").read_bytes() == Path("two").read_bytes()


# --- on a terminal ---------------------------------------------------------------------------------------------------


def on_terminal(*arguments: str) -> tuple[int, str]:
    """The exit code and what stderr, a terminal, was sent."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "compiler", *arguments]
    process = subprocess.Popen(command, stderr=follower, stdout=subprocess.DEVNULL)
    os.close(follower)
    said = b""
    while True:
        ready, _, _ = select.select([leader], [], [], 0.2)
        try:
            data = os.read(leader, 4096) if ready else b""
        except OSError:  # Linux: the last writer has closed
            break
        said += data
        if not data and process.poll() is not None:
            break
    os.close(leader)
    return process.wait(), said.decode()


def test_a_long_build_shows_where_it_is() -> None:
    functions = (f"def f{i}(x: int) -> int:\n    return x + {i}\n" for i in range(3000))
    Path("long.py").write_text("\n".join([*functions, "print(f7(1))\n"]))
    code, said = on_terminal("build", "--no-cache", "long.py")
    assert code == 0
    assert "long.py: " in said
    assert said.endswith("\r\x1b[K")
    code, said = on_terminal("build", "long.py", "--target", "program", "--emit", "tree")
    assert (code, said) == (0, "")


def test_colours_only_on_a_terminal(monkeypatch) -> None:
    Path("wrong.py").write_text("x: int = 'a'\n")
    assert "\x1b[" in on_terminal("check", "wrong.py")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in on_terminal("check", "wrong.py")[1]
    assert "\x1b[" not in pyc("check", "wrong.py").stderr
