"""The stages in order, with what holds after each. The only file that knows the order.

Reads like a table of contents: each stage is one call of one package's public function. Timing, dumps and the crash
context hang here and nowhere else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from compiler import cache
from compiler.diagnostics.errors import CompileFailed, InternalError
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import file_span
from compiler.options import BuildOptions, Emit
from compiler.target import Profile

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
    """The result of a build: the image, or the text that `--emit` asked for."""

    image: bytes = b""
    text: str | None = None
    map_text: str = ""
    debug_file: bytes | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    inputs: list[Path] = field(default_factory=list)
    from_cache: bool = False


def with_deep_stack(work: Callable[[], Result]) -> Result:
    """Run on a thread whose stack fits deeply nested sources; Python's own limit is the bound that reports."""
    import sys

    outcome: list[Result] = []
    failure: list[BaseException] = []

    def body() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            failure.append(error)

    old_limit, old_size = sys.getrecursionlimit(), threading.stack_size(256 * 1024 * 1024)
    sys.setrecursionlimit(20_000)
    try:
        thread = threading.Thread(target=body, daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(0.2)
    finally:
        threading.stack_size(old_size)
        sys.setrecursionlimit(old_limit)
    if failure:
        raise failure[0]
    return outcome[0]


def build(options: BuildOptions, sink: DiagnosticSink) -> Build:
    """Build one image, or emit one stage's result. Raises CompileFailed (see the sink), LinkError or InternalError."""
    request = request_key(options)
    if options.emit is None and options.use_cache and not options.time_passes:
        known = cache.read_image(request)
        if known is not None:
            return Build(image=known, from_cache=True)
    made = with_deep_stack(lambda: Pipeline(options, sink).run())
    if options.emit is None and options.use_cache:
        cache.write_image(request, made.inputs, made.image)
    return made


def request_key(options: BuildOptions) -> str:
    """What was asked for, apart from the content of files."""
    embedded = ";".join(f"{name}={path.resolve()}" for name, path in options.embedded)
    flags = f"{options.target.name}:{options.optimise}:{options.debug}:{options.strip}"
    return cache.digest(
        str(options.source.resolve()), str(options.source), flags, embedded, cache.compiler_fingerprint()
    )


def check(source: Path, sink: DiagnosticSink, *, is_kernel: bool = False) -> BoundProgram | None:
    """Stages 1 to 3 over a program and all it imports."""
    from compiler.target import KERNEL, PROGRAM

    options = BuildOptions(source, target=KERNEL if is_kernel else PROGRAM, use_cache=False)
    pipeline = Pipeline(options, sink)
    return with_deep_stack(pipeline.check_only)


class Pipeline:
    """One run through the stages."""

    def __init__(self, options: BuildOptions, sink: DiagnosticSink) -> None:
        self.options = options
        self.sink = sink
        self.result = Build()
        self.stage = "start"

    def run(self) -> Build:
        """All stages; a fault inside one is reported with the stage's name."""
        try:
            return self.stages()
        except (CompileFailed, InternalError, KeyboardInterrupt):
            raise
        except RecursionError:
            self.sink.error("E0103", file_span(str(self.options.source)), "this source is nested too deeply to compile")
            raise CompileFailed from None

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
        if self.result.text is not None:
            return self.result
        # One image; no undefined symbol, permissions apart.
        return self.timed("link", lambda: self.link(objects))

    def timed(self, name: str, work: Callable[[], Result]) -> Result:
        self.stage = name
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

    # --- stages
    # -------------------------------------------------------------------------------------------------------------

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
        typed, _ = check_program(bound, self.sink, settings)
        self.stop_on_errors()
        return typed

    def check_only(self) -> BoundProgram:
        bound = self.resolve()
        self.check(bound)
        return bound

    def lower(self, typed: TypedProgram) -> IrProgram:
        from compiler.lower.options import LoweringOptions
        from compiler.lower.program import lower_program

        is_kernel = self.options.target.profile is Profile.KERNEL
        return lower_program(typed, LoweringOptions(is_kernel, self.options.target.entry_symbol, {}, typed.files))

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
        if self.options.emit in (Emit.LLVM, Emit.ASM):
            self.result.text = emitted_text(units, self.options)
            return {}
        return self.timed("llvm", lambda: compile_units(units, self.options))

    def link(self, objects: dict[str, bytes]) -> Build:
        from compiler.link.linker import link_program
        from compiler.link.object_file import InputObject, LinkOptions
        from compiler.linking import display_name, image_kind

        inputs = [InputObject(name, data) for name, data in objects.items()]
        target = self.options.target
        settings = LinkOptions(
            image_kind(target),
            entry_symbol=target.entry_symbol,
            strip=self.options.strip,
            debug_file=target.name == "kernel",
            display_name=display_name,
        )
        linked = link_program(inputs, settings)
        self.result.image, self.result.map_text, self.result.debug_file = (
            linked.data,
            linked.map_text,
            linked.debug_file,
        )
        if self.options.emit is Emit.MAP:
            self.result.text = linked.map_text
        return self.result

    # --- dumps
    # ----------------------------------------------------------------------------------------------------------------

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


def tree_root(source: Path) -> Path:
    """The top of a source tree: the first folder above the file that is not a package."""
    folder = source.resolve().parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder
