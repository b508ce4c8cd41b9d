"""The whole program: every instance, global, module body, class and defect, in a fixed order.

Contract: `lower_program` gives a `Program` whose functions satisfy ir/verify at level LOWERED. What a function
turns out to need (literals, descriptors, enum tables, support functions) is made on demand by `ProgramLowering`
and stands in the order of first need, which is the order of the instances, so two builds agree byte for byte.
"""

from __future__ import annotations

from compiler.check.typed_tree import TypedProgram
from compiler.ir.module import Program
from compiler.lower import classes, defects, functions, module_bodies, static_data
from compiler.lower.context import ProgramLowering
from compiler.lower.options import LoweringOptions

__all__ = ["LoweringOptions", "lower_program"]


def lower_program(typed: TypedProgram, options: LoweringOptions) -> Program:
    """Stage 4."""
    program = Program(entry_symbol=options.entry_symbol)
    context = ProgramLowering(typed, options, program)
    for variable in typed.globals:
        static_data.define_global(context, variable)
    for instance in typed.instances.values():
        functions.lower_instance(context, instance)
    if not options.is_kernel:
        module_bodies.lower_bodies(context)
    defects.define_defects(context)
    for kind in typed.classes:
        context.descriptor(kind)
    classes.define_classes(context)
    functions.mark_address_taken(context)
    return program
