"""Preallocated exceptions: raising one allocates nothing, so even running out of memory can be reported."""

from __future__ import annotations

import hashlib

from compiler.ir.module import DataSection
from compiler.ir.ops import Defect
from compiler.lower import literals, static_data
from compiler.lower.context import SUPPORT_UNIT, ProgramLowering

DEFECT_CLASSES = (
    "OverflowError",
    "ZeroDivisionError",
    "IndexError",
    "AttributeError",
    "AssertionError",
    "RecursionError",
    "UnboundLocalError",
    "NameError",
)
"""Mistakes in the program, as opposed to conditions of the world: they need not be declared and panic at the edge of
`@no_raise`."""


def define_defects(context: ProgramLowering) -> None:
    """An object for every defect whose class is in the program."""
    for defect in Defect:
        class_name, message = defect.value
        symbol = static_exception(context, class_name, message, f"defect.{defect.name.lower()}")
        if symbol is not None:
            context.program.defects[defect.name] = symbol
    for name in DEFECT_CLASSES:
        kind = context.typed.builtin_classes.get(name)
        if kind is not None:
            context.program.defect_classes.add(context.descriptor(kind))


def static_exception(context: ProgramLowering, class_name: str, message: str, symbol: str) -> str | None:
    """An immortal exception with a message, all other fields zero; None when its class is not in the program."""
    kind = context.typed.builtin_classes.get(class_name)
    if kind is None:
        return None
    if symbol not in context.program.data:
        unit, context.unit = context.unit, SUPPORT_UNIT
        image = static_data.object_image(context, kind)
        if message:
            image.reference(static_data.field_offset(kind, "_message"), literals.string(context, message))
        context.add_data(image.item(symbol, SUPPORT_UNIT, DataSection.WRITABLE, 8))
        context.unit = unit
    return symbol


def unbound_local(context: ProgramLowering, name: str) -> str | None:
    message = f"cannot access local variable '{name}' where it is not associated with a value"
    return noted(context, static_exception(context, "UnboundLocalError", message, f"defect.unbound.{digest(name)}"))


def undefined_name(context: ProgramLowering, name: str) -> str | None:
    message = f"name '{name}' is not defined"
    return noted(context, static_exception(context, "NameError", message, f"defect.undefined.{digest(name)}"))


def noted(context: ProgramLowering, symbol: str | None) -> str | None:
    """Enter a defect of one name among the defects, under its symbol."""
    if symbol is not None:
        context.program.defects[symbol] = symbol
    return symbol


def nothing_to_reraise(context: ProgramLowering) -> str | None:
    return static_exception(context, "RuntimeError", "No active exception to reraise", "defect.no_active_exception")


def digest(name: str) -> str:
    """A name may hold any letters of Unicode; a symbol should not."""
    return name if name.isascii() else hashlib.sha256(name.encode()).hexdigest()[:16]
