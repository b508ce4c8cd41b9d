"""Variables, functions and the whole typed program: what the typed tree's expressions and statements refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compiler.check.declarations import FunctionInfo, Markers
from compiler.diagnostics.span import Span
from compiler.type_system.kinds import ClassInfo, ClassType, EnumInfo, Type

if TYPE_CHECKING:
    from compiler.check.typed_expressions import Expression
    from compiler.check.typed_statements import Statement


@dataclass(slots=True, eq=False)
class Variable:
    """A local variable or parameter. Compiler-made ones have names that start with '.'."""

    name: str
    type: Type
    span: Span
    is_parameter: bool = False
    is_reassigned: bool = False
    """A parameter that the body assigns; lowering then gives it a home of its own."""
    surely_assigned: bool = False
    """No read can meet it unassigned (hidden variables, loop machinery)."""


@dataclass(slots=True, eq=False)
class GlobalVariable:
    """A module-level (or class-level) variable. `initial` is its compile-time value, if it has one."""

    name: str
    module: str
    type: Type
    span: Span
    initial: Expression | None = None
    is_constant: bool = False
    """Never assigned after its initial value."""
    alignment: int = 0

    @property
    def symbol(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(slots=True, eq=False)
class FunctionInstance:
    """One concrete function: a declaration with its type arguments. The unit of checking, lowering and linking."""

    info: FunctionInfo
    symbol: str
    parameters: list[Variable]
    result: Type
    type_arguments: tuple[Type, ...] = ()
    receiver: Type | None = None
    """The concrete class of `self` for methods."""
    body: list[Statement] = field(default_factory=list)
    locals: list[Variable] = field(default_factory=list)
    naked_text: str | None = None
    markers: Markers = field(default_factory=Markers)
    is_checked: bool = False

    @property
    def display_name(self) -> str:
        return self.info.name


@dataclass(slots=True, eq=False)
class ModuleBody:
    """The statements of a module that run at import (programs only; kernel modules have none)."""

    module: str
    file: str
    statements: list[Statement]
    locals: list[Variable]


@dataclass(slots=True, eq=False)
class TypedProgram:
    """Everything reachable from the roots, in deterministic order."""

    instances: dict[str, FunctionInstance] = field(default_factory=dict)
    classes: list[ClassType] = field(default_factory=list)
    """Concrete classes whose instances are made, or that are tested for, bases first."""
    enums: list[EnumInfo] = field(default_factory=list)
    globals: list[GlobalVariable] = field(default_factory=list)
    bodies: list[ModuleBody] = field(default_factory=list)
    """All modules with something to run at import. Those of the user run where an import statement says so."""
    started_first: list[str] = field(default_factory=list)
    """Modules whose bodies run before the program's main module, in order: the runtime's."""
    main_module: str = "__main__"
    files: dict[str, str] = field(default_factory=dict)
    """Module name → source file as tracebacks show it."""
    runtime: dict[str, FunctionInstance] = field(default_factory=dict)
    """Runtime functions by 'module.name' that lowering itself calls."""
    builtin_classes: dict[str, ClassType] = field(default_factory=dict)
    """'str', 'bytes', 'list', exceptions … by Python name."""
    virtual_methods: list[tuple[ClassInfo, str]] = field(default_factory=list)
    """Methods called through vtables, in the order in which they were found: it decides the slots."""
