"""`pyc build`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from compiler.cache import write_atomically
from compiler.commands.reporting import WRONG_COMMAND_LINE, complain, guarded
from compiler.commands.source_file import usable_source
from compiler.commands.status_line import StatusLine
from compiler.diagnostics.sink import DiagnosticSink
from compiler.options import BuildOptions, Emit, usable_processors
from compiler.pipeline import Build, build
from compiler.target import TARGETS

SUFFIXES = {"program": "", "uefi": ".efi", "kernel": ".efi"}


def run(known: argparse.Namespace) -> int:
    """Build one image, or print one stage's result."""
    options = read_options(known)
    if options is None:
        return WRONG_COMMAND_LINE
    sink = DiagnosticSink()
    return guarded(sink, lambda: carry_out(options, sink))


# --- the command line ------------------------------------------------------------------------------------------------


def read_options(known: argparse.Namespace) -> BuildOptions | None:
    """The options, or None after a complaint."""
    if not usable_source(known.source):
        return None
    embedded = read_embedded(known.embed)
    if embedded is None or not fitting_emit_options(known):
        return None
    target = TARGETS[known.target]
    emit = Emit(known.emit) if known.emit else None
    output: Path | None = known.output
    if emit is None and output is None:
        output = Path(known.source.stem + SUFFIXES[target.name])
    if output is not None and not usable_output(output, known.source, embedded, emit):
        return None
    return BuildOptions(
        source=known.source,
        output=output,
        target=target,
        optimise=known.optimise and not known.debug,
        debug=known.debug,
        strip=known.strip,
        emit=emit,
        emit_after=known.emit_after,
        only=known.only,
        time_passes=known.time_passes,
        verify_each=known.verify_each,
        use_cache=not known.no_cache,
        embedded=tuple(embedded),
        jobs=known.jobs or usable_processors(),
    )


def fitting_emit_options(known: argparse.Namespace) -> bool:
    """Whether what belongs to `--emit ir` and `--emit types` stands beside one of them."""
    if known.emit_after is not None:
        if known.emit != Emit.IR.value:
            complain("--emit-after belongs to --emit ir")
            return False
        names = pass_names()
        if known.emit_after not in names:
            complain(f"there is no pass {known.emit_after!r}; the passes are {', '.join(names)}")
            return False
    if known.only is not None and known.emit not in (Emit.IR.value, Emit.TYPES.value):
        complain("--only belongs to --emit types or --emit ir")
        return False
    return True


def pass_names() -> list[str]:
    from compiler.passes.table import PASSES

    return [row.name for row in PASSES]


def usable_output(output: Path, source: Path, embedded: list[tuple[str, Path]], emit: Emit | None) -> bool:
    """Whether the result may be written there: never over a folder, never over what it is made from."""
    if emit is Emit.OBJ:
        if output.exists() and not output.is_dir():
            complain(f"{output} is not a folder; --emit obj writes one file per unit into a folder")
            return False
        return True
    if output.is_dir():
        complain(f"{output} is a folder; name the result with -o")
        return False
    for path in (source, *(path for _, path in embedded)):
        if output.exists() and output.samefile(path):
            complain(f"the result would overwrite {path}; name it with -o")
            return False
    return True


def read_embedded(texts: list[str]) -> list[tuple[str, Path]] | None:
    found: list[tuple[str, Path]] = []
    for text in texts:
        name, equals, path = text.partition("=")
        if not equals or not name or not Path(path).is_file():
            complain(f"--embed takes NAME=FILE with a file that exists, not {text!r}")
            return None
        found.append((name, Path(path)))
    return found


# --- the work --------------------------------------------------------------------------------------------------------


def carry_out(options: BuildOptions, sink: DiagnosticSink) -> int:
    with StatusLine(options.source.name) as status:
        made = build(options, sink, status.watch)
    if made.objects is not None:
        write_object_files(options, made.objects)
    elif made.text is not None:
        if options.only is not None and not made.text:
            complain(f"no function that reaches this stage has {options.only!r} in its name")
            return WRONG_COMMAND_LINE
        write_text(options, made.text)
    elif options.output is not None:
        if options.output.exists() and any(options.output.samefile(path) for path in made.inputs if path.exists()):
            complain(f"the result would overwrite {options.output}; name it with -o")
            return WRONG_COMMAND_LINE
        write_result(options, options.output, made)
    if options.time_passes:
        show_times(made.seconds)
    return 0


def write_text(options: BuildOptions, text: str) -> None:
    text = text if text.endswith("\n") else text + "\n"
    if options.output is None:
        sys.stdout.write(text)
    else:
        write_atomically(options.output, text.encode("utf-8", "backslashreplace"))


def write_object_files(options: BuildOptions, objects: dict[str, bytes]) -> None:
    """The files' names on stdout, so that a script can go on with them."""
    from compiler.objects import write_objects

    folder = options.output or Path(f"{options.source.name}.objects")
    for path in write_objects(objects, folder):
        print(path)


def write_result(options: BuildOptions, output: Path, made: Build) -> None:
    """The image, and beside a kernel what gdb needs."""
    is_program = options.target.name == "program"
    write_atomically(output, made.image, 0o777 if is_program else 0o666)
    if made.debug_file is not None:
        write_atomically(output.with_suffix(".elf"), made.debug_file, 0o666)
        write_atomically(output.with_suffix(".map"), made.map_text.encode(), 0o666)


def show_times(seconds: dict[str, float]) -> None:
    """Stages in their order, passes indented below theirs."""
    total = sum(taken for name, taken in seconds.items() if not name.startswith(" "))
    passes = [name for name in seconds if name.startswith(" ")]
    for name in [name for name in seconds if name not in passes]:
        print(f"{seconds[name] * 1000:9.1f} ms {seconds[name] / total:5.0%}  {name}", file=sys.stderr)
        for inner in passes if name == "passes" else ():
            print(f"{seconds[inner] * 1000:9.1f} ms         {inner.strip()}", file=sys.stderr)
    print(f"{total * 1000:9.1f} ms  100%  in all", file=sys.stderr)
