"""Scopes and their lookup.

A scope belongs to the tree node that opens it: module, class, function, lambda, comprehension, or the type parameters
of a PEP 695 definition. `ModuleScopes` is what later stages ask.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from compiler.resolve.symbols import Symbol, SymbolKind
from compiler.syntax import tree

ScopeNode = (
    tree.Module | tree.ClassDefinition | tree.FunctionDefinition | tree.Lambda | tree.TypeAlias | tree.Comprehension
)


class ScopeKind(Enum):
    """What opened a scope; a class scope is invisible to the functions inside it."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    LAMBDA = "lambda"
    COMPREHENSION = "comprehension"
    TYPE_PARAMETERS = "type parameters"


@dataclass(slots=True, eq=False)
class Scope:
    """The names of one scope. `private_class` is the class whose name mangles `__private` names, or None."""

    kind: ScopeKind
    name: str
    node: ScopeNode
    parent: Scope | None
    private_class: str | None
    symbols: dict[str, Symbol] = field(default_factory=dict)
    children: list[Scope] = field(default_factory=list)
    is_generator: bool = False

    def lookup(self, identifier: str) -> Symbol | None:
        """The symbol of a name as written in this scope, or None when this scope never mentions it."""
        return self.symbols.get(mangled(identifier, self.private_class))

    def names_of(self, *kinds: SymbolKind) -> tuple[str, ...]:
        """The names of the given kinds in the order of their first mention."""
        return tuple(name for name, symbol in self.symbols.items() if symbol.kind in kinds)

    @property
    def locals(self) -> tuple[str, ...]:
        """The names this scope owns, those shared with inner scopes included."""
        return self.names_of(SymbolKind.LOCAL, SymbolKind.CELL)

    @property
    def cells(self) -> tuple[str, ...]:
        """The names this scope owns and inner scopes use."""
        return self.names_of(SymbolKind.CELL)

    @property
    def frees(self) -> tuple[str, ...]:
        """The names this scope takes from enclosing functions."""
        return self.names_of(SymbolKind.FREE)

    @property
    def declared_globals(self) -> tuple[str, ...]:
        """The names declared by a `global` statement here."""
        return tuple(name for name, symbol in self.symbols.items() if symbol.is_declared_global)


@dataclass(slots=True, eq=False)
class ModuleScopes:
    """All scopes of one module, found by the node that opens them."""

    module: Scope
    by_node: dict[tree.Node, Scope]
    type_parameter_scopes: dict[tree.Node, Scope]

    def function_scope(self, node: tree.FunctionDefinition | tree.Lambda | tree.Comprehension) -> Scope:
        """The scope of a function, lambda or comprehension."""
        return self.by_node[node]

    def class_scope(self, node: tree.ClassDefinition) -> Scope:
        """The scope of a class body."""
        return self.by_node[node]


def mangled(identifier: str, private_class: str | None) -> str:
    """A private name of a class as CPython stores it (Language Reference, 6.2.1)."""
    if private_class is None or not identifier.startswith("__") or identifier.endswith("__") or "." in identifier:
        return identifier
    stripped = private_class.lstrip("_")
    return f"_{stripped}{identifier}" if stripped else identifier
