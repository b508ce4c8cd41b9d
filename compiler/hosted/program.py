"""A program ready for CPython: its modules rewritten and compiled to CPython's code objects, in one bundle of bytes.

The bundle is what crosses into the process that runs the program, so that process loads nothing of the compiler. It
is cached under the content of everything the program imports; an unchanged program is not checked again.
"""

from __future__ import annotations

import marshal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from compiler import cache
from compiler.diagnostics.errors import CompileFailed
from compiler.diagnostics.sink import DiagnosticSink

if TYPE_CHECKING:
    from compiler.resolve.program import LoadedModule

NEVER_REWRITTEN = ("runtime.lang", "runtime.host", "runtime.std")
"""CPython's own face of the vocabulary, and modules for which CPython has its own."""


def bundle_of(source: Path, sink: DiagnosticSink) -> bytes:
    """The bundle of a program; raises CompileFailed when the sink has errors."""
    request = request_key(source)
    known = cache.read_image(request)
    if known is not None:
        return known
    from compiler.pipeline import with_deep_stack

    bundle, inputs = with_deep_stack(lambda: make_bundle(source, sink))
    if not sink.diagnostics():
        cache.write_image(request, inputs, bundle)
    return bundle


def request_key(source: Path) -> str:
    return cache.digest("cpython", sys.version, str(source.absolute()), str(source), cache.compiler_fingerprint())


def make_bundle(source: Path, sink: DiagnosticSink) -> tuple[bytes, list[Path]]:
    """Check the program, rewrite its modules; also the files it was made from."""
    from compiler.check.program import CheckOptions
    from compiler.hosted.checking import check_for_cpython
    from compiler.hosted.findings import findings_by_file
    from compiler.hosted.rewrite import rewritten_code
    from compiler.options import BuildOptions
    from compiler.pipeline import Pipeline
    from compiler.resolve.program import Origin

    pipeline = Pipeline(BuildOptions(source, use_cache=False), sink)
    program = pipeline.resolve()
    modules = [module for module in program.modules.values() if is_rewritten(module)]
    runtime = [module.name for module in modules if module.origin is Origin.RUNTIME]
    world = check_for_cpython(program, sink, CheckOptions(), runtime)
    if sink.has_errors:
        raise CompileFailed
    findings = findings_by_file(world.conversions)
    entries = {}
    for module in modules:
        assert module.file is not None
        filename = str(module.file.absolute())
        code = rewritten_code(module.tree.source, filename, findings.get(module.path, {}))
        entries[module.name] = (filename, module.is_package, code)
    return marshal.dumps(entries), pipeline.result.inputs


def is_rewritten(module: LoadedModule) -> bool:
    """The program's own modules, and those of the runtime that it imports by name (CPython imports the same file)."""
    from compiler.resolve.program import Origin

    if module.file is None or module.is_type_only:
        return False
    if module.origin is Origin.PROGRAM:
        return True
    is_runtime = module.origin is Origin.RUNTIME and module.name.startswith("runtime.")
    return is_runtime and not module.name.startswith(NEVER_REWRITTEN)
