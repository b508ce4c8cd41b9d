"""What names stand for once a module has been declared: the symbols that expressions are checked against."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from compiler.diagnostics.span import Span
from compiler.syntax import tree
from compiler.type_system.kinds import (
    ClassInfo,
    EnumInfo,
    FunctionPointerInfo,
    StructInfo,
    Type,
    TypeVariable,
)

if TYPE_CHECKING:
    from compiler.check.typed_tree import Expression, GlobalVariable


class MethodKind(Enum):
    """How a function relates to its class."""

    FUNCTION = "function"
    METHOD = "method"
    STATIC = "static method"
    CLASS = "class method"
    PROPERTY = "property"
    SETTER = "property setter"


@dataclass(frozen=True, slots=True)
class Markers:
    """The decorators of runtime.lang on a function."""

    naked: bool = False
    export: str | None = None
    external: str | None = None
    microsoft_x64: bool = False
    interrupt: bool = False
    no_raise: bool = False
    no_alloc: bool = False
    no_block: bool = False
    inline: bool = False
    no_inline: bool = False
    section: str | None = None


@dataclass(slots=True, eq=False)
class ParameterInfo:
    """A declared parameter; `default` is checked against the type where a call leaves it out."""

    name: str
    type: Type
    span: Span
    default: tree.Expression | None = None
    positional_only: bool = False
    keyword_only: bool = False


@dataclass(slots=True, eq=False)
class FunctionInfo:
    """A declared function or method, generic or not."""

    name: str
    module: str
    span: Span
    definition: tree.FunctionDefinition
    owner: ClassInfo | StructInfo | EnumInfo | None = None
    kind: MethodKind = MethodKind.FUNCTION
    type_parameters: tuple[TypeVariable, ...] = ()
    parameters: list[ParameterInfo] = field(default_factory=list)
    result: Type | None = None
    markers: Markers = Markers()
    is_abstract: bool = False
    synthesised: str | None = None
    """'dataclass_init' and the like: the body is made by the checker."""

    @property
    def qualified_name(self) -> str:
        owner = f"{self.owner.name}." if self.owner else ""
        return f"{self.module}.{owner}{self.name}"


@dataclass(slots=True, eq=False)
class ModuleSymbol:
    """A module as a name."""

    name: str


@dataclass(slots=True, eq=False)
class VocabularySymbol:
    """A name of runtime.lang or of a module the compiler knows by itself (typing, dataclasses, enum, abc)."""

    module: str
    name: str


@dataclass(slots=True, eq=False)
class ConstantSymbol:
    """A module or class constant whose value is known: it has no storage."""

    name: str
    type: Type
    value: Expression
    span: Span


@dataclass(slots=True, eq=False)
class TypeAliasSymbol:
    """`Name = some type` at module level."""

    name: str
    type: Type


@dataclass(slots=True, eq=False)
class GlobalSymbol:
    """A module-level variable with storage."""

    variable: GlobalVariable


Symbol = (
    ModuleSymbol
    | VocabularySymbol
    | ConstantSymbol
    | ClassInfo
    | StructInfo
    | EnumInfo
    | FunctionPointerInfo
    | FunctionInfo
    | TypeVariable
    | TypeAliasSymbol
    | GlobalSymbol
)
