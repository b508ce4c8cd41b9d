"""Names to symbols: classifies every name as CPython's compiler does and reports those bound nowhere.

Flow does not count here: a name bound anywhere in a scope is that scope's, as in Python; reading it too early is the
checker's affair. Builtins the language refuses are reported here, because only here it is known that the name still
means the builtin.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from compiler.diagnostics.diagnostic import Note
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.suggest import closest
from compiler.resolve.builtin_names import BUILTIN_NAMES, CLASS_ATTRIBUTES, MODULE_ATTRIBUTES
from compiler.resolve.classify import classify_names
from compiler.resolve.collect import Collected, Mention, collect_names
from compiler.resolve.module_graph import load_program
from compiler.resolve.program import LoadedModule, Program
from compiler.resolve.scopes import ModuleScopes, Scope, ScopeKind, mangled
from compiler.resolve.search import SearchPaths
from compiler.resolve.symbols import Symbol, SymbolKind
from compiler.syntax import subset, tree


def resolve_program(root_path: Path, search: SearchPaths, sink: DiagnosticSink, prelude: Sequence[str] = ()) -> Program:
    """Stage 2 as a whole: load every module and bind every name."""
    program = load_program(root_path, search, sink, prelude)
    bind_program(program, sink)
    return program


def bind_program(program: Program, sink: DiagnosticSink) -> None:
    """Set `scopes` of every module and report undefined and refused names."""
    for module in program.modules.values():
        module.scopes = _bind(module.collected, sink)


def bind_module(module: tree.Module, sink: DiagnosticSink) -> ModuleScopes:
    """The scopes of one module on its own."""
    return _bind(collect_names(module), sink)


def scopes_of(module: LoadedModule) -> ModuleScopes:
    """The scopes of a module of a bound program."""
    assert module.scopes is not None, f"{module.name} is not bound yet"
    return module.scopes


def _bind(collected: Collected, sink: DiagnosticSink) -> ModuleScopes:
    classify_names(collected.module, BUILTIN_NAMES)
    reporter = _Reporter(collected.module, sink)
    for mention in collected.mentions:
        reporter.check(mention)
    for scope, call in collected.calls:
        reporter.check_call(scope, call)
    return ModuleScopes(collected.module, collected.by_node, collected.type_parameter_scopes)


class _Reporter:
    """What binding has to say about one module."""

    def __init__(self, module: Scope, sink: DiagnosticSink) -> None:
        self._module = module
        self._sink = sink
        self._allowed_calls: set[tree.Name] = set()

    def check(self, mention: Mention) -> None:
        name = mention.name.identifier
        found = _find(mention.scope, name)
        if found is None:
            self._check_global(mention, name)
        elif found.is_type_only and mention.is_evaluated:
            self._report_type_only(mention, found)

    def _check_global(self, mention: Mention, name: str) -> None:
        stored = mangled(name, mention.scope.private_class)
        if stored in BUILTIN_NAMES:
            refusal = subset.REFUSED_BUILTINS.get(stored)
            if refusal is not None:
                subset.refuse(self._sink, refusal, mention.name.span)
        elif stored not in MODULE_ATTRIBUTES and not _is_given_to_class(mention.scope, stored):
            suggestion = closest(name, _visible_names(mention.scope))
            self._sink.error("E0201", mention.name.span, f"name `{name}` is not defined", suggestion=suggestion)

    def _report_type_only(self, mention: Mention, symbol: Symbol) -> None:
        name = mention.name.identifier
        notes = [Note("imported for type checkers only, here", symbol.binding_span)]
        message = f"`{name}` exists only for type checkers and has no value"
        way_out = "add `from __future__ import annotations`" if mention.is_annotation else "move it out of the `if`"
        self._sink.error("E0207", mention.name.span, message, notes=notes, suggestion=way_out)

    def check_call(self, scope: Scope, call: tree.Call) -> None:
        """`getattr` and its kin are attribute access when the name is constant, and refused otherwise."""
        assert isinstance(call.function, tree.Name)
        refusal = subset.COMPUTED_ATTRIBUTE_BUILTINS.get(call.function.identifier)
        if refusal is None or _find(scope, call.function.identifier) is not None:
            return
        if call.function.identifier == "delattr" or not _has_constant_name(call):
            subset.refuse(self._sink, refusal, call.span)


def _has_constant_name(call: tree.Call) -> bool:
    if len(call.arguments) < 2 or isinstance(call.arguments[0], tree.Starred):
        return False
    name = call.arguments[1]
    return isinstance(name, tree.Constant) and isinstance(name.value, str)


def _find(scope: Scope, identifier: str) -> Symbol | None:
    """The symbol that owns a name seen from a scope, or None for a builtin or unknown name."""
    stored = mangled(identifier, scope.private_class)
    for one in _seen_from(scope):
        symbol = one.symbols.get(stored)
        if symbol is None:
            continue
        if symbol.kind in (SymbolKind.LOCAL, SymbolKind.CELL):
            return symbol
        if symbol.kind is SymbolKind.GLOBAL_EXPLICIT:
            break
    module = _root(scope).symbols.get(stored)
    return module if module is not None and (module.is_bound or module.is_declared_global) else None


def _seen_from(scope: Scope) -> Iterator[Scope]:
    """The scope itself and the scopes around it that it can see into: all but the classes."""
    yield scope
    around = scope.parent
    while around is not None:
        if around.kind is not ScopeKind.CLASS:
            yield around
        around = around.parent


def _root(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


def _is_given_to_class(scope: Scope, name: str) -> bool:
    return name in CLASS_ATTRIBUTES and any(one.kind is ScopeKind.CLASS for one in _with_parents(scope))


def _with_parents(scope: Scope) -> Iterator[Scope]:
    here: Scope | None = scope
    while here is not None:
        yield here
        here = here.parent


def _visible_names(scope: Scope) -> Iterator[str]:
    for one in _seen_from(scope):
        yield from one.names_of(SymbolKind.LOCAL, SymbolKind.CELL, SymbolKind.FREE)
    yield from BUILTIN_NAMES
