"""Literals, local and global variables, symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.check import typed_tree as typed
from compiler.ir import ops
from compiler.ir.builder import NULL_REFERENCE, integer_constant
from compiler.ir.ops import Comparison, Constant, Conversion, SymbolAddress, Value
from compiler.ir.types import I8, I64, REF, FloatRep, IntegerRep, is_managed
from compiler.lower import defects, literals, static_data
from compiler.type_system.representation import representation

if TYPE_CHECKING:
    from compiler.lower.functions import FunctionLowering


def lower_literal(lowering: FunctionLowering, node: typed.Literal) -> Value:
    rep, value = representation(node.type), node.value
    match value:
        case str():
            return SymbolAddress(literals.string(lowering.context, value), REF)
        case bytes():
            return SymbolAddress(literals.octets(lowering.context, value), REF)
        case None:
            return Constant(rep, None)
    if isinstance(rep, IntegerRep):
        return integer_constant(int(value), rep)
    if isinstance(rep, FloatRep):
        return Constant(rep, float(value))
    raise lowering.fail(node, f"a literal {value!r} of type {node.type}")


def lower_local_read(lowering: FunctionLowering, node: typed.LocalRead) -> Value:
    return lowering.read(node.variable)


def lower_global_read(lowering: FunctionLowering, node: typed.GlobalRead) -> Value:
    """A constant's value stands in the code where it can; else the variable is read."""
    variable = node.variable
    builder, rep = lowering.builder, representation(variable.type)
    constant = variable.is_constant and variable.initial is not None
    if constant and variable.initial is not None:
        known = static_data.static_value(lowering, variable.initial)
        if known is not None and known.rep == rep:
            return known
    if node.may_be_unset and static_data.has_flag(variable):
        flag = builder.emit(ops.Load(SymbolAddress(static_data.flag_symbol(variable)), 0, I8))
        check_set(lowering, builder.compare(Comparison.NE, flag, Constant(I8, 0)), variable.name)
    value = builder.emit(ops.Load(SymbolAddress(variable.symbol), 0, rep, invariant=constant))
    if node.may_be_unset and not static_data.has_flag(variable):
        check_set(lowering, builder.compare(Comparison.NE, value, NULL_REFERENCE), variable.name)
    return value


def check_set(lowering: FunctionLowering, is_set: Value, name: str) -> None:
    """A global that its module has not assigned yet raises NameError."""
    symbol = defects.undefined_name(lowering.context, name)
    if symbol is None:
        return
    builder = lowering.builder
    fine, unset = builder.block("set"), builder.block("unset", cold=True)
    builder.branch(is_set, fine, unset, True)
    builder.position_at(unset)
    builder.emit(ops.Raise(SymbolAddress(symbol, REF)))
    builder.position_at(fine)


def lower_assign_global(lowering: FunctionLowering, node: typed.AssignGlobal) -> None:
    value = lowering.value(node.value)
    lowering.builder.store(SymbolAddress(node.variable.symbol), 0, value, replaces=is_managed(value.rep))
    if static_data.has_flag(node.variable):
        flag = SymbolAddress(static_data.flag_symbol(node.variable))
        lowering.builder.store(flag, 0, Constant(I8, 1), replaces=False)


def lower_linker_symbol(lowering: FunctionLowering, node: typed.LinkerSymbol) -> Value:
    return lowering.builder.emit(ops.Convert(Conversion.POINTER_TO_INTEGER, SymbolAddress(node.name), I64))
