"""`pyc build`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from compiler.cache import write_atomically
from compiler.commands.reporting import WRONG_COMMAND_LINE, guarded
from compiler.diagnostics.sink import DiagnosticSink
from compiler.options import BuildOptions, Emit
from compiler.pipeline import Build, build
from compiler.target import TARGETS

SUFFIXES = {"program": "", "uefi": ".efi", "kernel": ".efi"}


def run(known: argparse.Namespace) -> int:
    """Build one image, or print one stage's result."""
    options = read_options(known)
    if options is None:
        return WRONG_COMMAND_LINE
    sink = DiagnosticSink()
    return guarded(sink, f"pyc {' '.join(sys.argv[1:])}", lambda: carry_out(options, sink, known.time_passes))


def read_options(known: argparse.Namespace) -> BuildOptions | None:
    """The options, or None after a complaint."""
    if not usable_source(known.source):
        return None
    embedded = read_embedded(known.embed)
    if embedded is None:
        return None
    target = TARGETS[known.target]
    output = known.output or Path(known.source.stem + SUFFIXES[target.name])
    if output.is_dir():
        print(f"pyc: {output} is a folder; name the result with -o", file=sys.stderr)
        return None
    return BuildOptions(
        source=known.source,
        output=output,
        target=target,
        optimise=known.optimise and not known.debug,
        debug=known.debug,
        strip=known.strip,
        emit=Emit(known.emit) if known.emit else None,
        emit_after=known.emit_after,
        only=known.only,
        time_passes=known.time_passes,
        verify_each=known.verify_each,
        use_cache=not known.no_cache,
        embedded=tuple(embedded),
    )


def usable_source(source: Path) -> bool:
    if not source.exists():
        print(f"pyc: there is no file {source}", file=sys.stderr)
    elif source.is_dir():
        print(f"pyc: {source} is a folder; name its main module", file=sys.stderr)
    else:
        return True
    return False


def read_embedded(texts: list[str]) -> list[tuple[str, Path]] | None:
    found: list[tuple[str, Path]] = []
    for text in texts:
        name, equals, path = text.partition("=")
        if not equals or not name or not Path(path).is_file():
            print(f"pyc: --embed takes NAME=FILE with a file that exists, not {text!r}", file=sys.stderr)
            return None
        found.append((name, Path(path)))
    return found


def carry_out(options: BuildOptions, sink: DiagnosticSink, show_times: bool) -> int:
    made = build(options, sink)
    if made.text is not None:
        write_text(options, made.text)
    elif options.output is not None:
        write_result(options, options.output, made)
    if show_times:
        for name, seconds in made.seconds.items():
            print(f"{seconds * 1000:9.1f} ms  {name}", file=sys.stderr)
    return 0


def write_text(options: BuildOptions, text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def write_result(options: BuildOptions, output: Path, made: Build) -> None:
    """The image, and beside a kernel what gdb needs."""
    output.parent.mkdir(parents=True, exist_ok=True)
    is_program = options.target.name == "program"
    write_atomically(output, made.image, 0o755 if is_program else 0o644)
    if made.debug_file is not None:
        write_atomically(output.with_suffix(".elf"), made.debug_file)
        write_atomically(output.with_suffix(".map"), made.map_text.encode())
