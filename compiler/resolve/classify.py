"""Second half of binding: local, cell, free, global or builtin.

CPython's analysis (`analyze_block` in `Python/symtable.c`): going down, each scope learns which names enclosing
functions bind; coming up, it learns which of its own names inner scopes use. Class scopes pass on what enclosing
functions bind but not their own names, except `__class__`, which every method may read.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from compiler.resolve.scopes import Scope, ScopeKind
from compiler.resolve.symbols import Symbol, SymbolKind

_FUNCTION_LIKE = frozenset({ScopeKind.FUNCTION, ScopeKind.LAMBDA, ScopeKind.COMPREHENSION, ScopeKind.TYPE_PARAMETERS})


def classify_names(module: Scope, builtin_names: AbstractSet[str]) -> None:
    """Set the kind of every symbol of a module."""
    _classify(module, frozenset())
    _separate_builtins(module, _module_names(module), builtin_names)


def _classify(scope: Scope, bound_around: frozenset[str]) -> set[str]:
    """Classify a scope and all inside it; gives the names it needs from the scopes around it."""
    for symbol in scope.symbols.values():
        symbol.kind = _kind(symbol, bound_around)
    visible = _bound_around_children(scope, bound_around)
    needed: set[str] = set()
    for child in scope.children:
        needed |= _classify(child, visible)
    _take_what_children_need(scope, needed, bound_around)
    return needed | {name for name, symbol in scope.symbols.items() if symbol.kind is SymbolKind.FREE}


def _kind(symbol: Symbol, bound_around: frozenset[str]) -> SymbolKind:
    if symbol.is_declared_global:
        return SymbolKind.GLOBAL_EXPLICIT
    if symbol.is_declared_nonlocal:
        return SymbolKind.FREE
    if symbol.is_bound:
        return SymbolKind.LOCAL
    if symbol.name in bound_around:
        return SymbolKind.FREE
    return SymbolKind.GLOBAL_IMPLICIT


def _bound_around_children(scope: Scope, bound_around: frozenset[str]) -> frozenset[str]:
    """The names that functions around the children bind; a `global` statement hides them from here on."""
    if scope.kind is ScopeKind.MODULE:
        return frozenset()
    if scope.kind is ScopeKind.CLASS:
        return bound_around | {"__class__"}
    return (bound_around - set(scope.declared_globals)) | set(scope.locals)


def _take_what_children_need(scope: Scope, needed: set[str], bound_around: frozenset[str]) -> None:
    """Own names that children use become cells; the others pass through as free names of this scope."""
    if scope.kind in _FUNCTION_LIKE:
        for name, symbol in scope.symbols.items():
            if symbol.kind is SymbolKind.LOCAL and name in needed:
                symbol.kind = SymbolKind.CELL
                needed.discard(name)
    if scope.kind is ScopeKind.CLASS:
        needed.discard("__class__")  # the class itself provides it
    if scope.kind is ScopeKind.MODULE:
        return
    for name in sorted(needed):
        if name not in scope.symbols and name in bound_around:
            scope.symbols[name] = Symbol(name, SymbolKind.FREE)


def _module_names(module: Scope) -> set[str]:
    """What the module's namespace may hold: its own bindings, and those functions make through `global`."""
    names = {name for name, symbol in module.symbols.items() if symbol.is_bound}
    pending = list(module.children)
    while pending:
        scope = pending.pop()
        pending.extend(scope.children)
        names |= {name for name, symbol in scope.symbols.items() if symbol.is_declared_global and symbol.is_bound}
    return names


def _separate_builtins(scope: Scope, module_names: set[str], builtin_names: AbstractSet[str]) -> None:
    pending = [scope]
    while pending:
        one = pending.pop()
        pending.extend(one.children)
        for name, symbol in one.symbols.items():
            is_global = symbol.kind is SymbolKind.GLOBAL_IMPLICIT
            if is_global and name not in module_names and name in builtin_names:
                symbol.kind = SymbolKind.BUILTIN
