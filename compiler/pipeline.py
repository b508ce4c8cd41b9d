"""The stages in order, with what holds after each. The only file that knows the order.

Reads like a table of contents: each stage is one call of one package's public function. Timing, dumps and the crash
context hang here and nowhere else.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from compiler import cache
from compiler.crash_context import internal_error
from compiler.diagnostics.errors import CompileFailed, InternalError
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import file_span
from compiler.options import BuildOptions, Emit
from compiler.target import PROGRAM, Profile, TargetSpec

if TYPE_CHECKING:
    from compiler.check.typed_tree import TypedProgram
    from compiler.ir.module import Program as IrProgram
    from compiler.resolve.program import Program as BoundProgram

Result = TypeVar("Result")

REPOSITORY = Path(__file__).resolve().parent.parent
"""The folder that holds the `runtime` package."""

CORE_MODULES = (
    "exceptions",
    "os_errors",
    "objects",
    "tracebacks",
    "strings",
    "bytes",
    "lists",
    "integers",
    "integer_parsing",
    "floats",
    "float_text",
    "float_parsing",
    "float_format",
    "format_specs",
    "output",
    "memory_blocks",
    "builtins",
)
START_MODULES = {"program": ("runtime.start.program",), "uefi": ("runtime.start.uefi",), "kernel": ()}


@dataclass(slots=True)
class Build:
    """The result of a build: the image, or what `--emit` asked for."""

    image: bytes = b""
    text: str | None = None
    objects: dict[str, bytes] | None = None
    map_text: str = ""
    debug_file: bytes | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    inputs: list[Path] = field(default_factory=list)
    absent: list[Path] = field(default_factory=list)
    """Files that were looked for and not found: one that appears would change the result."""
    from_cache: bool = False


@dataclass(slots=True)
class Progress:
    """Where a build is; written by the stages, read by whoever shows it."""

    stage: str = ""
    done: int = 0
    total: int = 0


Watch = Callable[[Progress], None]
"""Called about ten times a second while a build goes on."""
WATCH_SECONDS = 0.1
STACK_SIZES = (512 << 20, 128 << 20, 32 << 20)
"""Bytes of address space, the first that the machine grants; only what is used becomes memory."""
STACK_PER_CALL = 26_000
"""Bytes: more than any recursion of ours through C takes for one Python call."""


def with_deep_stack(work: Callable[[], Result], tick: Callable[[], None] = lambda: None) -> Result:
    """Run on a thread whose stack fits deeply nested sources; Python's own limit is the bound that reports."""
    outcome: list[Result] = []
    failure: list[BaseException] = []

    def body() -> None:
        # Ctrl-C is the main thread's; processes that this thread starts inherit the mask.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            outcome.append(work())
        except BaseException as error:
            failure.append(error)

    old_limit, old_size = sys.getrecursionlimit(), threading.stack_size()
    try:
        thread = start_with_stack(body)
        while thread.is_alive():
            thread.join(WATCH_SECONDS)
            tick()
    finally:
        threading.stack_size(old_size)
        sys.setrecursionlimit(old_limit)
    if failure:
        raise failure[0]
    return outcome[0]


def start_with_stack(body: Callable[[], None]) -> threading.Thread:
    """A running thread with the largest stack there is, and the recursion limit that belongs to it."""
    for size in STACK_SIZES:
        threading.stack_size(size)
        sys.setrecursionlimit(size // STACK_PER_CALL)
        thread = threading.Thread(target=body, daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the address space is limited
            continue
        return thread
    raise MemoryError


def ignore(_progress: Progress) -> None:
    """The watcher of a build that nobody watches."""


def build(options: BuildOptions, sink: DiagnosticSink, watch: Watch = ignore) -> Build:
    """Build one image, or emit one stage's result. Raises CompileFailed (see the sink) or InternalError."""
    may_remember = options.emit is None and options.use_cache and not options.time_passes and not options.verify_each
    request = request_key(options) if may_remember else ""
    if may_remember:
        known = cache.read_result(request)
        if known is not None:
            return Build(known["image"], None, None, known["map"].decode(), known.get("debug"), from_cache=True)
    pipeline = Pipeline(options, sink)
    try:
        made = with_deep_stack(pipeline.run, lambda: watch(pipeline.progress))
    except KeyboardInterrupt:
        stop_workers()
        raise
    if may_remember and not sink.diagnostics():  # what was said must be said again
        parts = {"image": made.image, "map": made.map_text.encode()}
        if made.debug_file is not None:
            parts["debug"] = made.debug_file
        cache.write_result(request, made.inputs, made.absent, parts)
    return made


def stop_workers() -> None:
    """End the processes that compile, if there are any."""
    workers = sys.modules.get("compiler.workers")
    if workers is not None:
        workers.stop()


def request_key(options: BuildOptions) -> str:
    """What was asked for, apart from the content of files."""
    embedded = ";".join(f"{name}={path.resolve()}" for name, path in options.embedded)
    flags = f"{options.target.name}:{options.optimise}:{options.debug}:{options.strip}"
    return cache.digest(
        str(options.source.resolve()), str(options.source), flags, embedded, cache.compiler_fingerprint()
    )


def check(source: Path, sink: DiagnosticSink, target: TargetSpec = PROGRAM) -> BoundProgram:
    """Stages 1 to 3 over a program and all it imports."""
    pipeline = Pipeline(BuildOptions(source, target=target, use_cache=False), sink)
    return with_deep_stack(lambda: pipeline.guarded(pipeline.check_only))


class Pipeline:
    """One run through the stages."""

    def __init__(self, options: BuildOptions, sink: DiagnosticSink) -> None:
        self.options = options
        self.sink = sink
        self.files: dict[str, str] = {}
        self.result = Build()
        self.progress = Progress()

    def run(self) -> Build:
        """All stages."""
        return self.guarded(self.stages)

    def guarded(self, work: Callable[[], Result]) -> Result:
        """Some stages; a fault inside one is reported with the stage's name and the function it was busy with."""
        try:
            return work()
        except (CompileFailed, InternalError, MemoryError, OSError):
            raise
        except RecursionError:
            source = file_span(str(self.options.source))
            self.sink.error("E0103", source, "this source is nested too deeply to compile")
            raise CompileFailed from None
        except Exception as error:
            raise internal_error(self.progress.stage, error) from error

    def stages(self) -> Build:
        # Every module is parsed and every name points at one symbol.
        bound = self.timed("resolve", self.resolve)
        if self.options.emit is Emit.TREE:
            return self.emitted(self.dump_trees(bound))
        # Every expression has a concrete type; constants are evaluated.
        typed = self.timed("check", lambda: self.check(bound))
        if self.options.emit is Emit.TYPES:
            return self.emitted(self.dump_types(typed))
        # Control flow is blocks; nothing can fail yet.
        program = self.timed("lower", lambda: self.lower(typed))
        # Failures, checks and counts are explicit.
        self.timed("passes", lambda: self.run_passes(program))
        if self.options.emit is Emit.IR:
            return self.emitted(self.result.text or self.dump_ir(program))
        # Machine code, one object per unit.
        objects = self.generate(program)
        if self.options.emit is Emit.OBJ:
            self.result.objects = objects
        if self.options.emit in (Emit.LLVM, Emit.ASM, Emit.OBJ):
            return self.result
        # One image; no undefined symbol, permissions apart.
        return self.timed("link", lambda: self.link(objects))

    def timed(self, name: str, work: Callable[[], Result]) -> Result:
        self.progress.stage = name
        start = time.perf_counter()
        try:
            return work()
        finally:
            self.result.seconds[name] = self.result.seconds.get(name, 0.0) + time.perf_counter() - start

    def stop_on_errors(self) -> None:
        if self.sink.has_errors:
            raise CompileFailed

    def emitted(self, text: str) -> Build:
        self.result.text = text
        return self.result

    # --- stages -----------------------------------------------------------------------------------------------------

    def resolve(self) -> BoundProgram:
        from compiler.resolve.bind import resolve_program
        from compiler.resolve.search import SearchPaths

        source = self.options.source
        if self.options.target.name == "kernel":
            root = tree_root(source)
            search = SearchPaths.for_tree(source, root, REPOSITORY)
        else:
            search = SearchPaths.for_script(source, REPOSITORY)
        program = resolve_program(source, search, self.sink, self.prelude())
        self.stop_on_errors()
        files = [module.file for module in program.modules.values() if module.file is not None]
        self.result.inputs = [*files, *(path for _, path in self.options.embedded)]
        self.result.absent = list(absent_files(program, search.root))
        return program

    def prelude(self) -> list[str]:
        return [*(f"runtime.core.{name}" for name in CORE_MODULES), *START_MODULES[self.options.target.name]]

    def check(self, bound: BoundProgram) -> TypedProgram:
        from compiler.check.program import CheckOptions, check_program

        is_kernel = self.options.target.profile is Profile.KERNEL
        embedded = {name: path.read_bytes() for name, path in self.options.embedded}
        settings = CheckOptions(
            is_kernel=is_kernel,
            has_print=self.options.target.name != "kernel",
            runs_module_bodies=self.options.target.name == "program",
            embedded=embedded,
        )
        if not settings.runs_module_bodies:
            from compiler.module_statements import refuse_running_statements

            refuse_running_statements(bound, self.sink)
        typed, _ = check_program(bound, self.sink, settings)
        if self.options.target.name != "program":
            from compiler.system_modules import refuse_system_calls

            refuse_system_calls(bound, typed, self.sink)
        self.stop_on_errors()
        if self.options.target.name == "uefi":
            from compiler.uefi_main import require_main

            require_main(bound, typed, self.sink)
            self.stop_on_errors()
        self.files = typed.files
        return typed

    def check_only(self) -> BoundProgram:
        bound = self.resolve()
        self.check(bound)
        return bound

    def lower(self, typed: TypedProgram) -> IrProgram:
        from compiler.lower.options import LoweringOptions
        from compiler.lower.program import lower_program

        is_kernel = self.options.target.profile is Profile.KERNEL
        program = lower_program(typed, LoweringOptions(is_kernel, self.options.target.entry_symbol, {}, typed.files))
        if self.options.target.name == "uefi":
            from compiler.uefi_main import add_run_program

            add_run_program(program)
        return program

    def run_passes(self, program: IrProgram) -> None:
        from compiler.passes.table import PassOptions, run_passes

        settings = PassOptions(verify_each=self.options.verify_each, after_pass=self.dump_after)
        outcome = run_passes(program, settings)
        for name, seconds in outcome.seconds.items():
            self.result.seconds[f"  {name}"] = seconds
        from compiler.effects_report import report_violations

        report_violations(outcome.violations, self.sink)
        self.stop_on_errors()

    def generate(self, program: IrProgram) -> dict[str, bytes]:
        from compiler.objects import compile_units, emitted_text, unit_texts

        units = self.timed("llvm text", lambda: unit_texts(program, self.options))
        try:
            if self.options.emit in (Emit.LLVM, Emit.ASM):
                self.result.text = self.timed("llvm", lambda: emitted_text(units, self.options, self.units_done))
                return {}
            return self.timed("llvm", lambda: compile_units(units, self.options, self.units_done))
        except Exception as error:
            if type(error).__name__ != "AssemblyRefused":
                raise
            file = unit_file(program, str(getattr(error, "unit", "")))
            self.sink.error("E0710", file_span(file), f"LLVM's assembler says: {error}")
            raise CompileFailed from None

    def units_done(self, done: int, total: int) -> None:
        self.progress.done, self.progress.total = done, total

    def link(self, objects: dict[str, bytes]) -> Build:
        from compiler.frame_check import check_frames
        from compiler.link.errors import LinkError
        from compiler.link.linker import link_program
        from compiler.link.object_file import InputObject
        from compiler.linking import link_options

        inputs = [InputObject(name, data) for name, data in objects.items()]
        if self.options.target.frame_limit is not None and self.options.optimise:
            check_frames(inputs, self.options.target.frame_limit, self.files, self.sink)
            self.stop_on_errors()
        try:
            linked = link_program(inputs, link_options(self.options))
        except LinkError as error:
            self.sink.error(str(error.code), file_span(str(self.options.source)), error.message)
            raise CompileFailed from None
        self.result.image, self.result.debug_file = linked.data, linked.debug_file
        self.result.map_text = linked.map_text
        if self.options.emit is Emit.MAP:
            self.result.text = linked.map_text
        return self.result

    # --- dumps ------------------------------------------------------------------------------------------------------

    def dump_trees(self, bound: BoundProgram) -> str:
        from compiler.syntax.dump import dump

        return dump(bound.main.tree)

    def dump_types(self, typed: TypedProgram) -> str:
        from compiler.check.dump import dump_program

        return dump_program(typed, self.options.only)

    def dump_after(self, name: str, program: IrProgram) -> None:
        if self.options.emit is Emit.IR and name == self.options.emit_after:
            self.result.text = self.dump_ir(program)

    def dump_ir(self, program: IrProgram) -> str:
        from compiler.ir.printer import function_text, program_text

        if self.options.only is None:
            return program_text(program)
        chosen = [f for name, f in program.functions.items() if self.options.only in name]
        return "\n".join(map(function_text, chosen))


def absent_files(program: BoundProgram, root: Path) -> Iterator[Path]:
    """Where a file of the program would be found before the one that was taken, if it appeared."""
    for module in program.modules.values():
        if module.file is not None and module.file.name != "__init__.py":
            yield module.file.with_suffix("") / "__init__.py"
        for target in module.imports.values():
            parts = target.module.split(".")
            for length in range(1, len(parts) + 1):
                place = root.joinpath(*parts[:length])
                yield from (p for p in (place / "__init__.py", place.with_name(f"{place.name}.py")) if not p.exists())


def unit_file(program: IrProgram, unit: str) -> str:
    """The source file behind a compilation unit."""
    return next((function.file for function in program.functions.values() if function.unit == unit), unit)


def tree_root(source: Path) -> Path:
    """The top of a source tree: the first folder above the file that is not a package."""
    folder = source.resolve().parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder
