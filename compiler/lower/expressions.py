"""Which function lowers which expression. Each gives the value, borrowed or owned as its operations say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from compiler.check import typed_tree as typed
from compiler.ir.ops import Value
from compiler.lower import (
    arithmetic,
    arrays,
    calls,
    choices,
    comparisons,
    conversions,
    machine,
    objects,
    pointers,
    structs,
    variables,
)

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering

Rule = Callable[["FunctionLowering", Any], Value]

RULES: dict[type[typed.Typed], Rule] = {
    typed.Literal: variables.lower_literal,
    typed.LocalRead: variables.lower_local_read,
    typed.GlobalRead: variables.lower_global_read,
    typed.FieldRead: objects.lower_field_read,
    typed.StructFieldRead: structs.lower_struct_field_read,
    typed.Arithmetic: arithmetic.lower_arithmetic,
    typed.MixedArithmetic: arithmetic.lower_mixed,
    typed.WrappingArithmetic: arithmetic.lower_wrapping,
    typed.Negate: arithmetic.lower_negate,
    typed.Invert: arithmetic.lower_invert,
    typed.Compare: comparisons.lower_compare,
    typed.SameObject: comparisons.lower_same_object,
    typed.IsNone: comparisons.lower_is_none,
    typed.IsInstance: comparisons.lower_is_instance,
    typed.Not: comparisons.lower_not,
    typed.ShortCircuit: choices.lower_short_circuit,
    typed.Conditional: choices.lower_conditional,
    typed.Convert: conversions.lower_convert,
    typed.CallFunction: calls.lower_call,
    typed.CallVirtual: calls.lower_virtual_call,
    typed.CallValue: calls.lower_value_call,
    typed.CallPointer: calls.lower_pointer_call,
    typed.FunctionValue: calls.lower_function_value,
    typed.FunctionAddress: calls.lower_function_address,
    typed.Construct: objects.lower_construct,
    typed.AllocateRaw: objects.lower_allocate_raw,
    typed.MakeStruct: structs.lower_make_struct,
    typed.NewArray: arrays.lower_new_array,
    typed.ArrayView: arrays.lower_array_view,
    typed.ArraySlice: arrays.lower_array_slice,
    typed.ArrayLength: arrays.lower_array_length,
    typed.ArrayPointer: arrays.lower_array_pointer,
    typed.ArrayRead: arrays.lower_array_read,
    typed.PointerRead: pointers.lower_pointer_read,
    typed.PointerOffset: pointers.lower_pointer_offset,
    typed.PointerDifference: pointers.lower_pointer_difference,
    typed.MakeTuple: objects.lower_make_tuple,
    typed.MakeTable: objects.lower_static,
    typed.MakeList: objects.lower_make_list,
    typed.StaticObject: objects.lower_static,
    typed.TupleItem: objects.lower_tuple_item,
    typed.EnumMember: objects.lower_enum_member,
    typed.EnumValue: objects.lower_enum_value,
    typed.EnumName: objects.lower_enum_name,
    typed.ObjectAddress: objects.lower_object_address,
    typed.AdoptObject: objects.lower_adopt,
    typed.TrailingAddress: objects.lower_trailing_address,
    typed.TakeSlot: pointers.lower_take_slot,
    typed.ClassNameOf: objects.lower_class_name,
    typed.LinkerSymbol: variables.lower_linker_symbol,
    typed.MachineOperation: machine.lower_machine_operation,
    typed.Sequence: choices.lower_sequence,
}


def lower_expression(lowering: FunctionLowering, node: typed.Expression) -> Value:
    """The value of an expression."""
    rule = RULES.get(type(node))
    if rule is None:
        raise lowering.fail(node, f"no rule for {type(node).__name__}")
    return rule(lowering, node)
