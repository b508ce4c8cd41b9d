"""One function as LLVM text: blocks, locals, control flow, calls. What single operations mean is in operation_text.py.

The idea: locals are `alloca`s (LLVM's mem2reg makes registers of them at once), operations are named values, a failing
operation leaves the spelling of its i1 for the `branch_failure` that ends its block. Blocks keep their order.

Contract: the function has passed all passes. Text depends only on the function and on what `UnitContext` answers.
"""

from __future__ import annotations

import re
from typing import Protocol

from compiler.codegen.debug_info import DebugInfo
from compiler.codegen.operation_text import EMIT
from compiler.codegen.type_map import calling_convention, constant, llvm_type, result_type, symbol
from compiler.ir import ops
from compiler.ir.module import Function
from compiler.ir.ops import Block, Constant, Local, Operation, Parameter, Signature, SymbolAddress, Undefined, Value
from compiler.ir.types import UNIT, is_managed

_UNFIT = re.compile(r"[^A-Za-z0-9_.]")


class UnitContext(Protocol):
    """What a function needs from the unit that it is printed in."""

    debug: DebugInfo | None

    def use_symbol(self, name: str) -> str:
        """The spelling of a function or data symbol, which the unit will declare or define."""
        ...

    def use_runtime(self, name: str) -> str:
        """A function of runtime_support.py: helper or runtime entry."""
        ...

    def use_intrinsic(self, name: str, result: str, parameters: str) -> str: ...

    def function_record(self, function: Function) -> str:
        """The read-only record that tracebacks point to."""
        ...

    def signature(self, name: str) -> Signature: ...


class FunctionText:
    """Prints one function; `lines` is the result of `print`."""

    def __init__(self, function: Function, unit: UnitContext) -> None:
        self.function = function
        self.unit = unit
        self.lines: list[str] = []
        self.failed: dict[Operation, str] = {}
        """Per failing operation the spelling of its i1."""
        self.after_check: dict[Operation, list[str]] = {}
        """Lines that may run only once the operation is known to be fine."""
        self.cold = False
        self._names: dict[Operation | Parameter, str] = {}
        self._temporaries = 0
        self._locals: dict[Local, str] = {}
        self._labels: dict[Block, str] = {}
        self._suffix = ""
        self._scope: int | None = None

    # --- used by the operations

    def put(self, line: str) -> None:
        """Append one instruction at the present source line."""
        self.lines.append(f"  {line}{self._suffix}")

    def put_label(self, label: str) -> None:
        self.lines.append(f"{label}:")

    def let(self, expression: str) -> str:
        """Append an instruction with a fresh name and give the name."""
        name = self.fresh()
        self.lines.append(f"  {name} = {expression}{self._suffix}")
        return name

    def fresh(self) -> str:
        self._temporaries += 1
        return f"%t{self._temporaries}"

    def name(self, op: Operation | Parameter) -> str:
        """The register of a result."""
        name = self._names.get(op)
        if name is None:
            name = self.exception(op.operation) if isinstance(op, ops.Failure) else f"%v{len(self._names)}"
            self._names[op] = name
        return name

    def exception(self, call: Operation) -> str:
        """The register of the exception that a call ended with."""
        return f"{self.name(call)}.e"

    def operand(self, value: Value) -> str:
        """The spelling of a value without its type."""
        match value:
            case Constant():
                return constant(value)
            case SymbolAddress(name):
                return self.unit.use_symbol(name)
            case Undefined():
                return "poison" if value.rep != UNIT else "zeroinitializer"
        return self.name(value) if value.rep != UNIT else "zeroinitializer"

    def typed(self, value: Value) -> str:
        return f"{llvm_type(value.rep)} {self.operand(value)}"

    def local(self, local: Local) -> str:
        name = self._locals.get(local)
        if name is None:
            name = self._locals[local] = f"%l{len(self._locals)}.{_UNFIT.sub('_', local.name)}"
        return name

    def label(self, block: Block) -> str:
        return self._labels[block]

    def use_intrinsic(self, name: str, result: str, parameters: str) -> str:
        return self.unit.use_intrinsic(name, result, parameters)

    # --- the function

    def print(self, linkage: str, attributes: str, section: str) -> list[str]:
        """The whole definition. `linkage` ends with a space where it is not empty."""
        function = self.function
        debug = self.unit.debug
        self._scope = debug.subprogram(function) if debug is not None else None
        self._labels = {
            block: f"b{number}.{_UNFIT.sub('_', block.name)}" for number, block in enumerate(function.blocks)
        }
        suffix = f" !dbg !{self._scope}" if self._scope is not None else ""
        head = self._head(linkage)
        self.lines = [f"{head} {attributes}{section}{suffix} {{", "entry:"]
        self._set_line(function.line, None)
        self._enter()
        for block in function.blocks:
            self._block(block)
        self.lines.append("}")
        return self.lines

    def _head(self, linkage: str) -> str:
        function = self.function
        parameters = ", ".join(f"{llvm_type(p.rep)} noundef {self.name(p)}" for p in function.parameters)
        signature = function.signature()
        convention = calling_convention(function.convention)
        return f"define {linkage}{convention}{result_type(signature)} {symbol(function.symbol)}({parameters})"

    def _enter(self) -> None:
        """Storage of the locals; managed ones start as null, so that releasing one which was never assigned does
        nothing."""
        for local in self.function.locals:
            kind = llvm_type(local.rep)
            self.put(f"{self.local(local)} = alloca {kind}")
        for local in self.function.locals:
            if is_managed(local.rep):
                kind = llvm_type(local.rep)
                self.put(f"store {kind} zeroinitializer, ptr {self.local(local)}")
        self._describe_arguments()
        self.put(f"br label %{self._labels[self.function.blocks[0]]}")

    def _describe_arguments(self) -> None:
        debug, scope = self.unit.debug, self._scope
        if debug is None or scope is None:
            return
        for position, parameter in enumerate(self.function.parameters, start=1):
            kind = debug.basic_type(parameter.rep)
            if kind is not None:
                function = self.function
                variable = debug.argument(scope, position, parameter.name, function.line, function.file, kind)
                place = self._suffix.removeprefix(", !dbg ")
                value = f"{llvm_type(parameter.rep)} {self.name(parameter)}"
                self.lines.append(f"    #dbg_value({value}, !{variable}, !DIExpression(), {place})")

    def _block(self, block: Block) -> None:
        self.lines.append(f"{self._labels[block]}:")
        self.cold = block.cold
        line, file = -1, None
        for op in block.operations:
            if op.line != line or op.file != file:
                line, file = op.line, op.file
                self._set_line(line, file)
            EMIT[type(op)](op, self)

    def _set_line(self, line: int, file: str | None) -> None:
        if self.unit.debug is not None and self._scope is not None:
            self._suffix = self.unit.debug.location(self._scope, file, line)

    def result(self, value: Value) -> None:
        """Leave the function without a failure."""
        signature = self.function.signature()
        kind = result_type(signature)
        if not signature.may_raise:
            self.put("ret void" if signature.result == UNIT else f"ret {self.typed(value)}")
        elif signature.result == UNIT:
            self.put("ret ptr null")
        else:
            first = self.let(f"insertvalue {kind} poison, {self.typed(value)}, 0")
            self.put(f"ret {kind} {self.let(f'insertvalue {kind} {first}, ptr null, 1')}")

    def result_failure(self, exception: Value) -> None:
        """Leave the function with an exception."""
        signature = self.function.signature()
        kind = result_type(signature)
        if signature.result == UNIT:
            self.put(f"ret ptr {self.operand(exception)}")
        else:
            self.put(f"ret {kind} {self.let(f'insertvalue {kind} poison, ptr {self.operand(exception)}, 1')}")
