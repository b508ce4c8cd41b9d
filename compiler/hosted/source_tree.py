"""The modules of a source tree, rewritten for CPython: what tests import in place of the plain files.

A whole package is checked at once, because that costs little more than checking one module with all it imports, and
the result is kept in the cache until a file of the package, the runtime or the compiler changes. A module in which
the checker finds mistakes has no conversions to trust; it is left out, with the reason.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType

from compiler import cache

BUILD_ONLY = frozenset({"E0337", "E0502"})
"""Mistakes of an image, not of a module: a file that only the build embeds, an initial value an image cannot hold."""


@dataclass(frozen=True, slots=True)
class Package:
    """A dotted package of the tree, and by which rules it is checked."""

    name: str
    is_kernel: bool = False


@dataclass(slots=True)
class RewrittenPackage:
    """The code of each module by dotted name; `refused` has the first diagnostic of each that was not rewritten."""

    codes: dict[str, CodeType] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def rewritten_package(root: Path, package: Package) -> RewrittenPackage:
    """All modules of a package under `root`, from the cache when nothing has changed."""
    key = cache.digest(
        "cpython-tree", sys.version, str(root), package.name, cache.compiler_fingerprint(), stamps(root, package)
    )
    known = cache.read_entry("cpython", key)
    if known is not None:
        return RewrittenPackage(*marshal.loads(known))
    made = rewrite_package(root, package)
    cache.write_entry("cpython", key, marshal.dumps((made.codes, made.refused)))
    return made


def stamps(root: Path, package: Package) -> str:
    """Changes whenever a file of the package does."""
    found = [(path, path.stat()) for path in files_of(root, package)]
    return "\n".join(f"{path}:{stat.st_size}:{stat.st_mtime_ns}" for path, stat in found)


def files_of(root: Path, package: Package) -> list[Path]:
    return sorted(root.joinpath(*package.name.split(".")).rglob("*.py"))


def modules_of(root: Path, package: Package) -> Iterator[tuple[str, Path]]:
    """Dotted names of a package's modules and their files."""
    for path in files_of(root, package):
        parts = path.relative_to(root).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def rewrite_package(root: Path, package: Package) -> RewrittenPackage:
    """Check every module of a package and rewrite those without mistakes."""
    from compiler.pipeline import with_deep_stack

    return with_deep_stack(lambda: rewrite_modules(root, package))


def rewrite_modules(root: Path, package: Package) -> RewrittenPackage:
    from compiler.check.program import CheckOptions
    from compiler.diagnostics.sink import DiagnosticSink
    from compiler.hosted.checking import UNLIMITED, check_for_cpython
    from compiler.hosted.findings import findings_by_file
    from compiler.hosted.rewrite import rewritten_code
    from compiler.pipeline import CORE_MODULES
    from compiler.resolve.bind import resolve_program
    from compiler.resolve.search import SearchPaths

    names = dict(modules_of(root, package))
    sink = DiagnosticSink(UNLIMITED)
    search = SearchPaths(root, root, "", "__main__")
    prelude = [*(f"runtime.core.{name}" for name in CORE_MODULES), *names]
    nothing = Path(__file__).with_name("__init__.py")  # a program needs a root; this one holds a docstring
    program = resolve_program(nothing, search, sink, prelude)
    options = CheckOptions(package.is_kernel, runs_module_bodies=not package.is_kernel)
    world = check_for_cpython(program, sink, options, names)
    findings = findings_by_file(world.conversions)
    made = RewrittenPackage(refused={name: "it cannot be loaded" for name in names})
    mistakes = {found.span.file: found for found in reversed(sink.diagnostics()) if found.code not in BUILD_ONLY}
    for name, path in names.items():
        module = program.modules.get(name)
        if module is None:
            continue
        mistake = mistakes.get(module.path)
        if mistake is None:
            del made.refused[name]
            filename = str(path.absolute())
            made.codes[name] = rewritten_code(module.tree.source, filename, findings.get(module.path, {}))
        else:
            made.refused[name] = f"{mistake.span}: {mistake.code} {mistake.message}"
    return made
