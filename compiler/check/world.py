"""What the whole program knows while it is checked: modules and their symbols, the builtin classes, and the instances
still to be checked.

Checking is demand-driven: asking for an instance of a function queues it, so only what is reachable is ever
compiled. The world never looks inside expressions; it answers "what is this name", "which class is `str`", "give me
this function for these types".
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from compiler.check.declarations import FunctionInfo, Symbol
from compiler.check.naming import instance_symbol, type_key
from compiler.check.typed_tree import FunctionInstance, GlobalVariable, TypedProgram, Variable
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span, file_span
from compiler.resolve.program import ImportTarget
from compiler.resolve.scopes import ModuleScopes
from compiler.syntax import tree
from compiler.type_system.kinds import (
    NONE,
    ClassInfo,
    ClassType,
    EnumInfo,
    EnumType,
    StructInfo,
    StructType,
    Type,
    TypeVariable,
    substitute,
)

RUNTIME_FILE = file_span("<runtime>")


@dataclass(slots=True, eq=False)
class GlobalDeclaration:
    """A module-level assignment before its type is known; settled on first use, so order and cycles do not matter."""

    name: str
    module: ModuleScope
    span: Span
    annotation: tree.Expression | None
    value: tree.Expression | None
    is_final: bool
    assignments: int = 1
    in_progress: bool = False
    settled: Symbol | None = None


@dataclass(slots=True, eq=False)
class ModuleScope:
    """One module: its tree and what its top-level names mean."""

    name: str
    file: str
    module: tree.Module
    symbols: dict[str, Symbol | GlobalDeclaration] = field(default_factory=dict)
    is_user: bool = True
    """Written by the user (all of it is checked), as opposed to the runtime (checked as far as it is used)."""


@dataclass(slots=True, eq=False)
class VirtualMethod:
    """A method somewhere called through the vtable."""

    owner: ClassInfo
    name: str
    instance: FunctionInstance


class World:
    """The state of one check of one program."""

    def __init__(self, sink: DiagnosticSink, *, is_kernel: bool, has_print: bool = True) -> None:
        self.sink = sink
        self.is_kernel = is_kernel
        self.has_print = has_print
        self.modules: dict[str, ModuleScope] = {}
        self.typed = TypedProgram()
        self.queue: deque[FunctionInstance] = deque()
        self.builtin_classes: dict[str, ClassInfo] = {"object": object_class()}
        self.virtual_methods: dict[tuple[str, str], VirtualMethod] = {}
        self.constructed: dict[str, ClassType] = {}
        self.used_globals: dict[str, GlobalVariable] = {}
        self.embedded: dict[str, bytes] = {}
        self.scopes: dict[str, ModuleScopes] = {}
        self.in_progress: set[FunctionInstance] = set()
        self.imports: dict[tree.ImportAlias, ImportTarget] = {}
        """What each imported name of the program stands for, and which module bodies it runs."""
        self.runs_modules = True
        """Whether modules have bodies that run at import (not in kernels and UEFI applications)."""
        self.found_lists: dict[tuple[str, str], Type] = {}
        """Types of local lists that start empty, by function symbol and name (empty_lists.py)."""
        self.conversions: list[tuple[Span, str]] = []
        """What the CPython loader must write into the source (compiler.hosted.findings): (place, width | "int" |
        "range " + width)."""

    # --- builtin classes ----------------------------------------------------------------------------------------------

    def builtin(self, name: str, *arguments: Type) -> ClassType:
        """The runtime class behind a Python builtin type, e.g. builtin('list', INT)."""
        return ClassType(self.builtin_classes[name], arguments)

    @property
    def string(self) -> ClassType:
        return self.builtin("str")

    @property
    def octets(self) -> ClassType:
        return self.builtin("bytes")

    def list_of(self, item: Type) -> ClassType:
        return self.builtin("list", item)

    def is_builtin(self, kind: Type, name: str) -> bool:
        return isinstance(kind, ClassType) and kind.info.builtin_name == name

    def is_exception(self, kind: Type) -> bool:
        return isinstance(kind, ClassType) and kind.info.is_subclass_of(self.builtin_classes["BaseException"])

    # --- instances --------------------------------------------------------------------------------------------------

    def instance(
        self, info: FunctionInfo, arguments: tuple[Type, ...] = (), receiver: Type | None = None
    ) -> FunctionInstance:
        """The function for these type arguments (and, for methods, this receiver), queued for checking when new."""
        receiver = self.declaring_receiver(info, receiver)
        symbol = instance_symbol(info, arguments, receiver)
        known = self.typed.instances.get(symbol)
        if known is not None:
            return known
        mapping = type_mapping(info, arguments, receiver)
        parameters = [
            Variable(p.name, substitute(p.type, mapping), p.span, is_parameter=True, surely_assigned=True)
            for p in info.parameters
        ]
        result = substitute(info.result if info.result is not None else NONE, mapping)
        made = FunctionInstance(info, symbol, parameters, result, arguments, receiver, markers=info.markers)
        self.typed.instances[symbol] = made
        self.queue.append(made)
        return made

    def declaring_receiver(self, info: FunctionInfo, receiver: Type | None) -> Type | None:
        """The receiver as the class that declares the method sees itself."""
        owner = info.owner
        if isinstance(owner, StructInfo):
            return StructType(owner)
        if isinstance(owner, EnumInfo):
            return EnumType(owner)
        if owner is None or not isinstance(receiver, ClassType):
            return ClassType(owner, owner.type_parameters) if owner else None
        return self.as_ancestor(receiver, owner)

    def as_ancestor(self, kind: ClassType, ancestor: ClassInfo) -> ClassType:
        """`kind` seen as its ancestor class, with the ancestor's type arguments filled in."""
        current = kind
        while current.info is not ancestor:
            base = current.info.base
            if base is None:
                return ClassType(ancestor, ancestor.type_parameters)
            mapping = dict(zip(current.info.type_parameters, current.arguments, strict=False))
            substituted = substitute(base, mapping)
            assert isinstance(substituted, ClassType)
            current = substituted
        return current

    def runtime_function(self, module: str, name: str, *arguments: Type) -> FunctionInstance:
        """A function of runtime.core by name; it must exist, because the runtime is part of the product."""
        scope = self.modules.get(f"runtime.core.{module}")
        symbol = scope.symbols.get(name) if scope is not None else None
        if not isinstance(symbol, FunctionInfo):
            raise MissingRuntime(f"runtime.core.{module}.{name}")
        return self.instance(symbol, tuple(arguments))

    # --- classes ----------------------------------------------------------------------------------------------------

    def note_constructed(self, kind: ClassType) -> None:
        """Instances of this class exist at run time."""
        key = type_key(kind)
        if key in self.constructed:
            return
        self.constructed[key] = kind
        for method in list(self.virtual_methods.values()):
            self.instantiate_override(kind, method)
        drop = kind.info.find_method("__drop__")
        if drop is not None:
            self.instance(drop, receiver=kind)

    def note_virtual(self, owner: ClassInfo, name: str, instance: FunctionInstance) -> None:
        """The method is called through the vtable somewhere: every constructed descendant needs its version."""
        key = (owner.qualified_name, name)
        if key in self.virtual_methods:
            return
        method = self.virtual_methods[key] = VirtualMethod(owner, name, instance)
        for kind in list(self.constructed.values()):
            self.instantiate_override(kind, method)

    def instantiate_override(self, kind: ClassType, method: VirtualMethod) -> None:
        if kind.info.is_subclass_of(method.owner):
            found = kind.info.find_method(method.name)
            if found is not None and not found.is_abstract:
                self.instance(found, receiver=kind)


class MissingRuntime(Exception):
    """A function the compiler relies on is not in the runtime: an internal fault."""


def type_mapping(info: FunctionInfo, arguments: tuple[Type, ...], receiver: Type | None) -> dict[TypeVariable, Type]:
    """What the type variables in sight of a function stand for in one instance."""
    mapping: dict[TypeVariable, Type] = dict(zip(info.type_parameters, arguments, strict=True))
    if isinstance(receiver, ClassType):
        mapping.update(zip(receiver.info.type_parameters, receiver.arguments, strict=False))
    return mapping


def object_class() -> ClassInfo:
    """`object`: a reference to an instance of any class."""
    definition = tree.ClassDefinition(RUNTIME_FILE, "object", RUNTIME_FILE, (), (), (), (), (), None)
    return ClassInfo("object", "builtins", RUNTIME_FILE, definition, builtin_name="object", is_object=True)
