"""Class descriptors with their vtables, and drop functions: made when every function has said what it needs.

    drop, base, name, instance size, qualified name, field table, flags, then one code address per slot of the hierarchy
A slot that a class does not have (declared elsewhere in the hierarchy, or abstract) is 0.
"""

from __future__ import annotations

from compiler.check.naming import instance_symbol
from compiler.ir import ops
from compiler.ir.builder import FunctionBuilder
from compiler.ir.module import DataSection, Function
from compiler.ir.ops import Parameter
from compiler.ir.types import REF, UNIT, is_managed
from compiler.lower import literals, thunks
from compiler.lower.context import SUPPORT_UNIT, ProgramLowering
from compiler.lower.data_image import DataImage
from compiler.type_system.kinds import ClassInfo, ClassType
from compiler.type_system.object_layout import (
    BASE_SLOT,
    DROP_SLOT,
    HEADER_SIZE,
    NAME_SLOT,
    QUALIFIED_NAME_SLOT,
    SIZE_SLOT,
    VTABLE_START,
    concrete_base,
    object_layout,
)


def define_classes(context: ProgramLowering) -> None:
    """All descriptors asked for; a descriptor asks for that of its base, so the list grows while it is worked off."""
    done = 0
    while done < len(context.classes):
        symbol, kind = list(context.classes.items())[done]
        define_class(context, symbol, kind)
        done += 1
    for symbol in context.boxes:
        define_box(context, symbol)
    for call, static_class, name in context.virtual_calls:
        possible = [kind for kind in context.classes.values() if kind.info.is_subclass_of(static_class)]
        found = [implementation(context, kind, static_class, name) for kind in possible]
        call.targets = tuple(dict.fromkeys(code for code in found if code is not None))


def define_class(context: ProgramLowering, symbol: str, kind: ClassType) -> None:
    info = kind.info
    context.unit = info.module
    base = concrete_base(kind)
    slots = context.hierarchy_slots(info)
    image = DataImage(VTABLE_START + 8 * len(slots))
    image.reference(DROP_SLOT, drop_symbol(context, symbol, kind))
    if base is not None:
        image.reference(BASE_SLOT, context.descriptor(base))
    names(context, image, info.builtin_name or info.name, shown_name(context, info))
    image.integer(SIZE_SLOT, object_layout(kind).size, 8)
    for index, (owner, name) in enumerate(slots):
        code = implementation(context, kind, owner, name)
        if code is not None:
            image.reference(VTABLE_START + 8 * index, code)
    context.add_data(image.item(symbol, info.module, DataSection.READ_ONLY, 8))


def names(context: ProgramLowering, image: DataImage, name: str, qualified: str) -> None:
    image.reference(NAME_SLOT, literals.string(context, name))
    image.reference(QUALIFIED_NAME_SLOT, literals.string(context, qualified))


def shown_name(context: ProgramLowering, info: ClassInfo) -> str:
    """As tracebacks name the class."""
    if info.builtin_name is not None:
        return info.builtin_name
    return info.name if info.module in (context.typed.main_module, "__main__") else f"{info.module}.{info.name}"


def implementation(context: ProgramLowering, kind: ClassType, owner: ClassInfo, name: str) -> str | None:
    """The code for a slot in this class: the nearest definition, if it was compiled for it."""
    if not kind.info.is_subclass_of(owner):
        return None
    found = kind.info.find_method(name)
    if found is None or found.is_abstract or not isinstance(found.owner, ClassInfo):
        return None
    instance = context.typed.instances.get(instance_symbol(found, (), as_ancestor(kind, found.owner)))
    return thunks.value_symbol(context, instance) if instance is not None else None


def as_ancestor(kind: ClassType, ancestor: ClassInfo) -> ClassType:
    """The class as one of its bases, with that base's type arguments."""
    current = kind
    while current.info is not ancestor:
        base = concrete_base(current)
        if base is None:
            return ClassType(ancestor, ancestor.type_parameters)
        current = base
    return current


def drop_symbol(context: ProgramLowering, descriptor: str, kind: ClassType) -> str:
    """The base's function where dropping does the same: most exception classes only have another name."""
    base = concrete_base(kind)
    if base is not None and drops_like(kind, base):
        return drop_symbol_of_base(context, base)
    return drop_function(context, descriptor, kind)


def drop_symbol_of_base(context: ProgramLowering, base: ClassType) -> str:
    """Every base has a descriptor of its own, which names the function it is dropped by."""
    above = concrete_base(base)
    if above is not None and drops_like(base, above):
        return drop_symbol_of_base(context, above)
    return f"drop.{context.descriptor(base)}"


def drops_like(kind: ClassType, base: ClassType) -> bool:
    """The same `__drop__`, and no counted field beside the base's."""
    return kind.info.find_method("__drop__") is base.info.find_method("__drop__") and counted(kind) == counted(base)


def counted(kind: ClassType) -> list[int]:
    """Offsets of the fields that hold references."""
    return [placed.offset for placed in object_layout(kind).fields if is_managed(placed.rep)]


def drop_function(context: ProgramLowering, descriptor: str, kind: ClassType) -> str:
    """Called with an object whose count is 0: `__drop__` of the class, then the counted fields, then the memory."""
    span = kind.info.span
    parameter = Parameter("self", REF)
    function = Function(
        symbol=f"drop.{descriptor}",
        parameters=[parameter],
        result=UNIT,
        file=span.file,
        line=span.line,
        display_name="__drop__",
        unit=kind.info.module,
        may_raise=False,
        declared_no_raise=True,
        address_taken=True,
        source_name=f"{kind.info.qualified_name}.__drop__",
    )
    context.add_function(function)
    builder = FunctionBuilder(function)
    builder.position_at(builder.block("entry"))
    user = kind.info.find_method("__drop__")
    if user is not None and isinstance(user.owner, ClassInfo):
        symbol = instance_symbol(user, (), as_ancestor(kind, user.owner))
        if symbol in context.typed.instances:
            builder.call(symbol, (parameter,), UNIT)
    for placed in object_layout(kind).fields:
        if is_managed(placed.rep):
            builder.emit(ops.Take(parameter, placed.offset, placed.rep))
    builder.emit(ops.FreeObject(parameter))
    builder.ret()
    builder.finish()
    return function.symbol


def define_box(context: ProgramLowering, symbol: str) -> None:
    """The class of heap storage behind a struct or array: nothing in it is counted, so dropping frees."""
    context.unit = SUPPORT_UNIT
    parameter = Parameter("self", REF)
    drop = f"drop.{symbol}"
    function = Function(drop, [parameter], UNIT, "<runtime>", 0, "__drop__", SUPPORT_UNIT, may_raise=False)
    function.declared_no_raise = function.address_taken = True
    context.add_function(function)
    builder = FunctionBuilder(function)
    builder.position_at(builder.block("entry"))
    builder.emit(ops.FreeObject(parameter))
    builder.ret()
    builder.finish()
    image = DataImage(VTABLE_START)
    image.reference(DROP_SLOT, drop)
    name = symbol.rpartition(".")[2]
    names(context, image, name, name)
    image.integer(SIZE_SLOT, HEADER_SIZE, 8)
    context.add_data(image.item(symbol, SUPPORT_UNIT, DataSection.READ_ONLY, 8))
