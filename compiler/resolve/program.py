"""The result of stage 2: the modules of a program, how their imports resolve, and their scopes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from compiler.resolve.collect import Collected
from compiler.resolve.scopes import ModuleScopes
from compiler.syntax.tree import ImportAlias, Module


class Origin(Enum):
    """Whose module it is: the user's program, our runtime, or the machine vocabulary the compiler knows by heart."""

    PROGRAM = "program"
    RUNTIME = "runtime"
    VOCABULARY = "vocabulary"


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """What one imported name stands for.

    `module` is the module bound (`member` is None) or the module whose `member` is bound. `initialises` lists the
    modules whose bodies this import runs if they have not started yet, in order: parents, the module, a submodule.
    `is_builtin` marks the pseudo-modules of `builtin_modules`, which have no body. `is_type_only` marks an import
    under `if TYPE_CHECKING:`: it resolves in annotations and runs nothing.
    """

    module: str
    member: str | None
    initialises: tuple[str, ...]
    is_builtin: bool = False
    is_type_only: bool = False


@dataclass(slots=True, eq=False)
class LoadedModule:
    """One module of the program. `path` is the label in spans, `file` what was read (None for a namespace package).

    `is_type_only`: reached only through imports under `if TYPE_CHECKING:`; its body never runs. `imports` has the
    target of every import in the file that resolved; `imported_names` those that bind a name of the module itself.
    `scopes` is set by `bind_program`.
    """

    name: str
    path: str
    file: Path | None
    tree: Module
    origin: Origin
    is_package: bool
    collected: Collected
    is_type_only: bool = False
    imports: dict[ImportAlias, ImportTarget] = field(default_factory=dict)
    imported_names: dict[str, ImportTarget] = field(default_factory=dict)
    scopes: ModuleScopes | None = None

    @property
    def is_vocabulary(self) -> bool:
        """Whether the compiler knows the module's names itself; the tree is empty then."""
        return self.origin is Origin.VOCABULARY

    @property
    def package(self) -> str:
        """The package relative imports start from; empty for a top-level module."""
        return self.name if self.is_package else self.name.rpartition(".")[0]


@dataclass(slots=True, eq=False)
class Program:
    """All modules reachable from a root.

    `modules` is in the order in which CPython starts their bodies when the root runs: the prelude, then depth first in
    statement order, a package before its parts; modules that only functions import come after, then those that only
    type checkers see. `completion_order` names the eagerly imported ones in the order in which their bodies end.
    """

    root: str
    modules: dict[str, LoadedModule]
    completion_order: tuple[str, ...]
    sources: dict[str, str]

    @property
    def main(self) -> LoadedModule:
        """The module the program was started with."""
        return self.modules[self.root]

    def definition_of(self, target: ImportTarget) -> ImportTarget:
        """Follow a member that the other module itself imported to where it is defined.

        Stops at a name that module binds otherwise, and at an import cycle that never defines it.
        """
        seen: set[tuple[str, str | None]] = set()
        while target.member is not None and target.module in self.modules:
            further = self.modules[target.module].imported_names.get(target.member)
            if further is None or (target.module, target.member) in seen:
                break
            seen.add((target.module, target.member))
            target = further
        return target
