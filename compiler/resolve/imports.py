"""The import statements of a module, in the order of the source, with when they run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from compiler.resolve.type_checking import is_not_type_checking, is_type_checking
from compiler.syntax import tree


class ImportTime(Enum):
    """When an import runs: with the module's body, when a function is called, or never."""

    EAGER = "with the module"
    DEFERRED = "inside a function"
    TYPE_ONLY = "for type checkers"


@dataclass(frozen=True, slots=True)
class ImportSite:
    """One import statement, when it runs, and whether it binds names of the module rather than of an inner scope."""

    statement: tree.Import | tree.ImportFrom
    time: ImportTime
    is_in_module_scope: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk is."""

    time: ImportTime = ImportTime.EAGER
    is_in_module_scope: bool = True

    def under(self, is_type_only: bool) -> _Place:
        return _Place(ImportTime.TYPE_ONLY, self.is_in_module_scope) if is_type_only else self

    def in_function(self) -> _Place:
        return _Place(ImportTime.DEFERRED if self.time is ImportTime.EAGER else self.time, False)

    def in_class(self) -> _Place:
        return _Place(self.time, False)


def import_sites(module: tree.Module) -> Iterator[ImportSite]:
    """Every import of a module."""
    return _sites(module.body, _Place())


def _sites(body: Iterable[tree.Statement], place: _Place) -> Iterator[ImportSite]:
    for statement in body:
        match statement:
            case tree.Import() | tree.ImportFrom():
                yield ImportSite(statement, place.time, place.is_in_module_scope)
            case tree.FunctionDefinition():
                yield from _sites(statement.body, place.in_function())
            case tree.ClassDefinition():
                yield from _sites(statement.body, place.in_class())
            case tree.With():
                yield from _sites(statement.body, place)
            case tree.If():
                yield from _sites(statement.body, place.under(is_type_checking(statement.condition)))
                yield from _sites(statement.otherwise, place.under(is_not_type_checking(statement.condition)))
            case tree.For() | tree.While():
                yield from _sites(statement.body + statement.otherwise, place)
            case tree.Match():
                for case in statement.cases:
                    yield from _sites(case.body, place)
            case tree.Try():
                yield from _sites(statement.body, place)
                for handler in statement.handlers:
                    yield from _sites(handler.body, place)
                yield from _sites(statement.otherwise + statement.final, place)
            case _:
                pass
