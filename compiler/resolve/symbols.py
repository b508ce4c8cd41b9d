"""What a name stands for inside one scope: the classification CPython's own compiler makes.

The kinds are those of `Include/internal/pycore_symtable.h`: a name bound in a function is local, and a cell when an
inner scope uses it; a name used but not bound is free when an enclosing function binds it, global otherwise. A global
that the module never binds is a builtin. A name that only type checkers see is marked, since it has no value.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from compiler.diagnostics.span import Span


class SymbolKind(Enum):
    """Where the value of a name lives, seen from one scope."""

    LOCAL = "local"
    CELL = "cell"
    FREE = "free"
    GLOBAL_EXPLICIT = "declared global"
    GLOBAL_IMPLICIT = "global"
    BUILTIN = "builtin"


@dataclass(slots=True, eq=False)
class Symbol:
    """One name in one scope. `name` is mangled for private names of a class, as CPython stores it.

    `binding_span` is the first place that binds it here, `use_span` the first that reads it. `is_type_only` holds when
    every binding stands under `if TYPE_CHECKING:`.
    """

    name: str
    kind: SymbolKind = SymbolKind.GLOBAL_IMPLICIT
    is_parameter: bool = False
    is_bound: bool = False
    is_used: bool = False
    is_imported: bool = False
    is_annotated: bool = False
    is_declared_global: bool = False
    is_declared_nonlocal: bool = False
    is_type_only: bool = False
    binding_span: Span | None = None
    use_span: Span | None = None
