"""Finds and parses every module a program reaches, and resolves its imports.

The order is CPython's: depth first in statement order, a package's `__init__` before its parts, a module counted as
started before its own imports are followed, so that cycles end where CPython's do. Imports inside functions are
followed after everything eager, imports under `if TYPE_CHECKING:` last. The modules of `runtime.lang` are vocabulary:
the compiler knows their names, so their files (the CPython face) are neither compiled nor followed.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from compiler.diagnostics.diagnostic import Note
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span, file_span
from compiler.diagnostics.suggest import closest
from compiler.resolve.builtin_modules import BUILTIN_MODULES
from compiler.resolve.builtin_names import MODULE_ATTRIBUTES
from compiler.resolve.collect import Collected, collect_names
from compiler.resolve.imports import ImportSite, ImportTime, import_sites
from compiler.resolve.program import ImportTarget, LoadedModule, Origin, Program
from compiler.resolve.search import RUNTIME_PACKAGE, Finder, Found, SearchPaths
from compiler.syntax import tree
from compiler.syntax.parse import parse_module


def load_program(root_path: Path, search: SearchPaths, sink: DiagnosticSink, prelude: Sequence[str] = ()) -> Program:
    """All modules reachable from `root_path`; `prelude` names runtime modules that every program starts with."""
    loader = _Loader(search, sink)
    root_span = file_span(root_path.as_posix())
    try:
        for name in prelude:
            loader.load(name, root_span, None)
        loader.load_root(root_path)
        loader.follow_postponed()
    except RecursionError:
        sink.error("E0103", root_span, "the program's imports form too long a chain")
    return Program(search.root_module, loader.modules, tuple(loader.completed), sink.sources)


class _Loader:
    """The graph being built."""

    def __init__(self, search: SearchPaths, sink: DiagnosticSink) -> None:
        self.modules: dict[str, LoadedModule] = {}
        self.completed: list[str] = []
        self._search = search
        self._finder = Finder(search)
        self._sink = sink
        self._failed: set[str] = set()
        self._postponed: dict[ImportTime, deque[tuple[LoadedModule, ImportSite]]] = {
            ImportTime.DEFERRED: deque(),
            ImportTime.TYPE_ONLY: deque(),
        }
        self._time = ImportTime.EAGER

    def load_root(self, path: Path) -> None:
        name = self._search.root_module
        label = path.as_posix()
        if name != "__main__":
            parent = name.rpartition(".")[0]
            if parent:
                self.load(parent, file_span(label), None)
            label = name.replace(".", "/") + path.suffix
        self._read(Found(name, path, None, label, Origin.PROGRAM))

    def follow_postponed(self) -> None:
        """Imports inside functions, then those for type checkers; either may reveal more of both."""
        deferred, type_only = self._postponed[ImportTime.DEFERRED], self._postponed[ImportTime.TYPE_ONLY]
        while deferred or type_only:
            queue = deferred or type_only
            self._time = ImportTime.DEFERRED if queue is deferred else ImportTime.TYPE_ONLY
            module, site = queue.popleft()
            self._resolve_site(module, site)

    # --- loading ---

    def load(self, name: str, span: Span, importer: LoadedModule | None) -> bool:
        """Make sure a module and the packages around it are loaded; False after a report."""
        if name in self.modules or (name in BUILTIN_MODULES and self._finder.find(name) is None):
            return True
        parent = name.rpartition(".")[0]
        if parent and not self.load(parent, span, importer):
            return False
        if name in self.modules:  # the package's own body imported it
            return True
        if name in self._failed:
            return False
        found = self._finder.find(name)
        if found is None or not self._is_allowed(found, span, importer):
            if found is None:
                self._report_missing_module(name, span)
            self._failed.add(name)
            return False
        return self._read(found)

    def _read(self, found: Found) -> bool:
        module_tree = self._parse(found)
        collected = None if module_tree is None else self._collect(module_tree)
        if module_tree is None or collected is None:
            self._failed.add(found.name)
            return False
        module = LoadedModule(
            found.name,
            found.label,
            found.file,
            module_tree,
            found.origin,
            found.is_package,
            collected,
            self._time is ImportTime.TYPE_ONLY,
        )
        self.modules[found.name] = module
        self._follow_imports(module)
        if self._time is ImportTime.EAGER:
            self.completed.append(found.name)
        return True

    def _parse(self, found: Found) -> tree.Module | None:
        if found.origin is Origin.VOCABULARY or found.file is None:
            span = Span(found.label, 1, 0, 1, 0)
            return tree.Module(span, found.name, found.label, (), None, "")
        try:
            source = found.file.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            self._sink.error("E0205", file_span(found.label), f"cannot read `{found.label}`: {reason}")
            return None
        return parse_module(source, found.label, found.name, self._sink)

    def _collect(self, module: tree.Module) -> Collected | None:
        try:
            return collect_names(module)
        except RecursionError:
            self._sink.error("E0103", file_span(module.path), "the source is nested too deeply")
            return None

    def _follow_imports(self, module: LoadedModule) -> None:
        for site in import_sites(module.tree):
            if site.time is ImportTime.EAGER:
                self._resolve_site(module, site)
            else:
                self._postponed[site.time].append((module, site))

    # --- resolving one statement ---

    def _resolve_site(self, module: LoadedModule, site: ImportSite) -> None:
        is_type_only = site.time is ImportTime.TYPE_ONLY
        if isinstance(site.statement, tree.Import):
            for alias in site.statement.names:
                if self.load(alias.name, alias.span, module):
                    self._note(module, site, alias, self._module_target(alias, is_type_only))
            return
        source = self._absolute_name(module, site.statement)
        if source is None or not self.load(source, site.statement.span, module):
            return
        for alias in site.statement.names:
            target = self._member_target(module, source, alias, is_type_only)
            if target is not None:
                self._note(module, site, alias, target)

    def _note(self, module: LoadedModule, site: ImportSite, alias: tree.ImportAlias, target: ImportTarget) -> None:
        module.imports[alias] = target
        if site.is_in_module_scope:
            module.imported_names[alias.bound_as or alias.name.partition(".")[0]] = target

    def _module_target(self, alias: tree.ImportAlias, is_type_only: bool) -> ImportTarget:
        bound = alias.name if alias.bound_as is not None else alias.name.partition(".")[0]
        is_builtin = bound not in self.modules
        return ImportTarget(bound, None, self._initialises(alias.name), is_builtin, is_type_only)

    def _member_target(
        self, importer: LoadedModule, source: str, alias: tree.ImportAlias, is_type_only: bool
    ) -> ImportTarget | None:
        """`from source import alias`: an attribute of the module if it has one, else a submodule."""
        if source not in self.modules:
            if alias.name not in BUILTIN_MODULES[source]:
                self._report_missing_member(source, alias, BUILTIN_MODULES[source])
                return None
            return ImportTarget(source, alias.name, (), True, is_type_only)
        submodule = f"{source}.{alias.name}"
        if self._is_attribute(importer, source, alias.name):
            if not is_type_only:
                self._check_has_value(source, alias)
            return ImportTarget(source, alias.name, self._initialises(source), False, is_type_only)
        if submodule in BUILTIN_MODULES or self._finder.find(submodule) is not None:
            if not self.load(submodule, alias.span, importer):
                return None
            is_builtin = submodule not in self.modules
            return ImportTarget(submodule, None, self._initialises(submodule), is_builtin, is_type_only)
        known = [*self._bound_names(self.modules[source]), *self._finder.names_in(source)]
        self._report_missing_member(source, alias, known)
        return None

    def _is_attribute(self, importer: LoadedModule, source: str, name: str) -> bool:
        module = self.modules[source]
        has_submodule = module.is_package and self._finder.find(f"{source}.{name}") is not None
        if module.is_vocabulary:
            return not has_submodule or name in self._vocabulary_names(module)
        if module is importer and has_submodule:
            return False  # `from . import part` in a package binds the name it asks for
        return name in MODULE_ATTRIBUTES or name in self._bound_names(module)

    def _bound_names(self, module: LoadedModule) -> list[str]:
        symbols = module.collected.module.symbols
        return [name for name, symbol in symbols.items() if symbol.is_bound or symbol.is_declared_global]

    def _vocabulary_names(self, module: LoadedModule) -> list[str]:
        """What a vocabulary package binds in its CPython face; only asked when a submodule has the same name."""
        if module.file is None:
            return []
        try:
            face = parse_module(module.file.read_bytes(), module.path, module.name, DiagnosticSink())
        except OSError:
            return []
        return (
            [] if face is None else [name for name, one in collect_names(face).module.symbols.items() if one.is_bound]
        )

    def _initialises(self, name: str) -> tuple[str, ...]:
        parts = name.split(".")
        prefixes = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
        return tuple(prefix for prefix in prefixes if prefix in self.modules)

    def _absolute_name(self, module: LoadedModule, statement: tree.ImportFrom) -> str | None:
        if statement.level == 0:
            return statement.module
        package = module.package.split(".") if module.package else []
        kept = len(package) - (statement.level - 1)
        if not package or kept < 1:
            self._report_relative(module, statement)
            return None
        return ".".join(package[:kept] + ([statement.module] if statement.module else []))

    # --- reports ---

    def _is_allowed(self, found: Found, span: Span, importer: LoadedModule | None) -> bool:
        """Refuse a file of the program that takes the place of one the runtime needs."""
        if importer is not None and importer.origin is Origin.RUNTIME and self._finder.hidden_runtime_module(found):
            message = f"`{found.label}` hides the standard module `{found.name}`, which `{importer.path}` needs"
            self._sink.error("E0206", file_span(found.label), message, suggestion="rename the file")
            return False
        foreign = self._finder.foreign_runtime(found.name)
        if foreign is not None and importer is not None and importer.origin is Origin.PROGRAM:
            message = f"`{foreign.name}` beside the program has the name of pyc's own package `{RUNTIME_PACKAGE}`"
            self._sink.error("E0206", span, message, suggestion="rename the file")
            return False
        return True

    def _report_missing_module(self, name: str, span: Span) -> None:
        parent, _, last = name.rpartition(".")
        near = closest(last, self._finder.names_in(parent))
        suggestion = f"{parent}.{near}" if near and parent else near
        notes = [Note(f"`{parent}` is not a package")] if parent in self.modules and self._is_plain(parent) else []
        if name.partition(".")[0] in sys.stdlib_module_names:
            notes.append(Note("CPython's standard library has it; pyc's does not have it yet"))
        self._sink.error("E0202", span, f"no module named `{name}`", notes=notes, suggestion=suggestion)

    def _is_plain(self, name: str) -> bool:
        return not self.modules[name].is_package

    def _report_missing_member(
        self, source: str, alias: tree.ImportAlias, known: Sequence[str] | frozenset[str]
    ) -> None:
        message = f"cannot import name `{alias.name}` from `{source}`"
        self._sink.error("E0203", alias.span, message, suggestion=closest(alias.name, known))

    def _check_has_value(self, source: str, alias: tree.ImportAlias) -> None:
        symbol = self.modules[source].collected.module.symbols.get(alias.name)
        if symbol is not None and symbol.is_type_only:
            notes = [Note("bound for type checkers only, here", symbol.binding_span)]
            message = f"cannot import name `{alias.name}` from `{source}`"
            self._sink.error("E0203", alias.span, message, notes=notes)

    def _report_relative(self, module: LoadedModule, statement: tree.ImportFrom) -> None:
        dots = "." * statement.level
        message = f"relative import `{dots}{statement.module or ''}` goes beyond the top-level package"
        notes = [] if module.package else [Note(f"`{module.path}` is not inside a package")]
        self._sink.error("E0204", statement.span, message, notes=notes, suggestion="import by the full name")
