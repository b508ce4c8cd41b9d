"""What all functions of one program share while they are lowered: literals, class descriptors, vtable slots, externals.

Everything is made when it is first asked for and remembered under its symbol. `unit` is the compilation unit that
is being filled: data made on behalf of a function lands in the function's unit.
"""

from __future__ import annotations

from compiler.check.declarations import FunctionInfo, MethodKind
from compiler.check.naming import type_key
from compiler.check.typed_tree import Expression, FunctionInstance, TypedProgram, class_symbol
from compiler.diagnostics.errors import InternalError
from compiler.ir.module import DataItem, Function, Program
from compiler.ir.ops import CallIndirect, Convention, Signature
from compiler.ir.types import UNIT
from compiler.lower.options import LoweringOptions
from compiler.type_system.kinds import ClassInfo, ClassType, NeverType
from compiler.type_system.object_layout import PlacedField, find_field, object_layout
from compiler.type_system.representation import representation

STRUCT_BOX = "class.pyc.StructBox"
ARRAY_BOX = "class.pyc.ArrayBox"
SUPPORT_UNIT = "pyc.support"


def body_symbol(module: str) -> str:
    """The function that runs a module's body."""
    return f"module.{module}"


class ProgramLowering:
    """The state of one lowering."""

    def __init__(self, typed: TypedProgram, options: LoweringOptions, program: Program) -> None:
        self.typed = typed
        self.options = options
        self.program = program
        self.unit = typed.main_module
        self.imported_modules = {body.module for body in typed.bodies}
        """Modules whose bodies run where an import statement says so, the first time."""
        self.imported_modules -= {typed.main_module, *typed.started_first}
        self.address_taken: set[str] = set()
        self.classes: dict[str, ClassType] = {}
        """Descriptor symbol → class, in order of first need."""
        self.boxes: dict[str, None] = {}
        self.thunks: dict[str, tuple[FunctionInstance, bool]] = {}
        """Symbol → function behind it, and whether a Callable value or vtable slot asked."""
        self.virtual_calls: list[tuple[CallIndirect, ClassInfo, str]] = []
        """Calls through a vtable with the receiver's static class, for their possible targets."""
        self.static_objects: dict[Expression, str] = {}
        """Compile-time object → symbol: one object per node."""
        self._slots: dict[ClassInfo, list[tuple[ClassInfo, str]]] = {}
        self._numbers: dict[str, int] = {}
        for owner, name in typed.virtual_methods:
            self.virtual_slot(owner, name)

    # --- symbols

    def add_data(self, item: DataItem) -> str:
        self.program.data[item.symbol] = item
        return item.symbol

    def add_function(self, function: Function) -> Function:
        if function.symbol in self.program.functions:
            raise InternalError("lower", function.symbol, None, "the symbol is defined twice")
        self.program.functions[function.symbol] = function
        return function

    def numbered(self, stem: str) -> str:
        """A symbol that nobody else has: the unit's name, a stem, a number."""
        stem = f"{self.unit}.{stem}"
        number = self._numbers.get(stem, 0)
        self._numbers[stem] = number + 1
        return f"{stem}.{number}"

    def callee(self, function: FunctionInstance) -> str:
        """The symbol to call; a function defined elsewhere is declared."""
        if function.markers.external is not None:
            self.program.external.setdefault(function.symbol, external_signature(function))
        return function.symbol

    # --- classes

    def descriptor(self, kind: ClassType) -> str:
        """The symbol of the class's descriptor, which is made at the end with all its bases."""
        symbol = descriptor_symbol(kind)
        self.classes.setdefault(symbol, kind)
        return symbol

    def box(self, symbol: str) -> str:
        """The descriptor of struct or array storage."""
        self.boxes[symbol] = None
        return symbol

    def builtin(self, name: str) -> ClassType:
        kind = self.typed.builtin_classes.get(name)
        if kind is None:
            raise InternalError("lower", None, None, f"the runtime class of `{name}` is not in the program")
        return kind

    def exception_field(self, name: str) -> PlacedField:
        """A field of BaseException."""
        base = self.builtin("BaseException")
        found = find_field(base.info, name)
        if found is None:
            raise InternalError("lower", None, None, f"BaseException has no field {name}")
        return object_layout(base).offset_of(found[0])

    # --- virtual methods

    def virtual_slot(self, owner: ClassInfo, name: str) -> int:
        """The index of a method in the vtables of its hierarchy. One slot per (farthest class that declares it,
        name)."""
        declaring = [ancestor for ancestor in owner.ancestors() if name in ancestor.methods]
        entry = (declaring[-1] if declaring else owner, name)
        slots = self.hierarchy_slots(owner)
        if entry not in slots:
            slots.append(entry)
        return slots.index(entry)

    def hierarchy_slots(self, info: ClassInfo) -> list[tuple[ClassInfo, str]]:
        """All slots of the hierarchy that this class belongs to."""
        return self._slots.setdefault(info.ancestors()[-1], [])


def method_key(info: FunctionInfo) -> str:
    """The name under which a class lists the method."""
    return f"{info.name}.setter" if info.kind is MethodKind.SETTER else info.name


def descriptor_symbol(kind: ClassType) -> str:
    arguments = f"[{','.join(map(type_key, kind.arguments))}]" if kind.arguments else ""
    return class_symbol(kind.info) + arguments


def convention(function: FunctionInstance) -> Convention:
    return Convention.MICROSOFT_X64 if function.markers.microsoft_x64 else Convention.SYSTEM_V


def external_signature(function: FunctionInstance) -> Signature:
    """Without @no_raise a function defined elsewhere returns the exception as ours do."""
    parameters = tuple(representation(parameter.type) for parameter in function.parameters)
    result = UNIT if isinstance(function.result, NeverType) else representation(function.result)
    return Signature(parameters, result, not function.markers.no_raise, convention(function))
