"""IR as text: `--emit ir`, golden cases, and what reader.py reads back.

    function @m.add(%a: i64, %b: i64) -> i64 {unit="m" file="m.py" line=1 name="add"}
      local $x: i64
      ^start:
        %0: i64 = checked_integer(ADD, true, %a, %b) @2
        return(%0) @2
    end

The idea: one form for all operations, taken from their dataclass fields in order (`line` and `file` after the @, `rep`
after the name), so a new operation needs no line here. Spellings: %value, $local, ^block, @symbol; `i64 5`, `null ref`,
`ref @symbol`, `undefined i64`; enum members by name; strings as JSON.

Contract: deterministic; names are numbered in order of the blocks; two functions print equally iff they are equal.
"""

from __future__ import annotations

import dataclasses
import json
import re
from enum import Enum
from typing import Any

from compiler.ir.module import DataItem, DataReference, Function, Program
from compiler.ir.operands import FIELDS
from compiler.ir.ops import (
    Block,
    Constant,
    Convention,
    Local,
    Operation,
    Parameter,
    Signature,
    SymbolAddress,
    Undefined,
)

_WORD = re.compile(r"[A-Z][a-z0-9]*")
_PLAIN = re.compile(r"[A-Za-z0-9_.]+\Z")

FUNCTION_FLAGS = (
    "may_raise",
    "exported",
    "inline",
    "no_inline",
    "declared_no_raise",
    "is_interrupt",
    "declared_no_alloc",
    "declared_no_block",
    "blocks_thread",
    "address_taken",
    "never_returns",
)
"""The boolean fields of Function, printed where they are true."""


def operation_name(kind: type[Operation]) -> str:
    """CheckedInteger → checked_integer."""
    return _OPERATION_NAMES[kind]


def _spell(kind: type[Operation]) -> str:
    return "_".join(word.lower() for word in _WORD.findall(kind.__name__))


def printed_fields(kind: type[Operation]) -> tuple[str, ...]:
    """The fields inside the parentheses, in order."""
    return _PRINTED[kind]


def _shown(kind: type[Operation]) -> tuple[str, ...]:
    return tuple(
        field.name for field in dataclasses.fields(kind) if field.init and field.name not in ("line", "file", "rep")
    )


_OPERATION_NAMES = {kind: _spell(kind) for kind in FIELDS}
_PRINTED = {kind: _shown(kind) for kind in FIELDS}


def program_text(program: Program) -> str:
    """Everything: data, declarations, functions, in their order."""
    lines = [f"entry @{_name(program.entry_symbol)}"]
    lines += [f"defect {name} = @{_name(symbol)}" for name, symbol in program.defects.items()]
    lines += [f"external @{_name(name)}{signature_text(signature)}" for name, signature in program.external.items()]
    lines += [data_text(item) for item in program.data.values()]
    texts = ["\n".join(lines)]
    texts += [function_text(function) for function in program.functions.values()]
    return "\n\n".join(texts) + "\n"


def function_text(function: Function) -> str:
    """One function, from `function` to `end`."""
    return _FunctionPrinter(function).text()


def data_text(item: DataItem) -> str:
    """One line; bytes in hexadecimal."""
    parts = " ".join(_part_text(part) for part in item.parts)
    flags = "".join(f" {flag}" for flag in ("exported", "mergeable") if getattr(item, flag))
    size = f" size={item.size}" if item.size else ""
    notes = f"align={item.alignment}{size} unit={json.dumps(item.unit)}{flags}"
    return f"data @{_name(item.symbol)} {item.section.name} {notes} [{parts}]"


def _part_text(part: bytes | DataReference) -> str:
    if isinstance(part, bytes):
        return f"x{part.hex()}"
    return f"@{_name(part.symbol)}" + (f"{part.addend:+d}" if part.addend else "")


def signature_text(signature: Signature) -> str:
    """(i64, ref) -> i64 raises."""
    parameters = ", ".join(map(str, signature.parameters))
    raises = " raises" if signature.may_raise else ""
    convention = " win64" if signature.convention is Convention.MICROSOFT_X64 else ""
    return f"({parameters}) -> {signature.result}{raises}{convention}"


def _name(name: str) -> str:
    return name if _PLAIN.match(name) else json.dumps(name)


class _FunctionPrinter:
    def __init__(self, function: Function) -> None:
        self.function = function
        self.names: dict[Operation | Parameter, str] = {p: f"%{_name(p.name)}" for p in function.parameters}
        number = 0
        for block in function.blocks:
            for op in block.operations:
                if hasattr(op, "rep"):
                    self.names[op] = f"%{number}"
                    number += 1
        self.blocks = _unique("^", [(block, block.name) for block in function.blocks])
        self.locals = _unique("$", [(local, local.name) for local in function.locals])

    def text(self) -> str:
        function = self.function
        lines = [self._head()]
        for local in function.locals:
            defect = f" unbound=@{_name(local.unbound_defect)}" if local.unbound_defect is not None else ""
            lines.append(f"  local {self.locals[local]}: {local.rep}{defect}")
        if function.assembly is not None:
            lines.append(f"  assembly {json.dumps(function.assembly)}")
        for block in function.blocks:
            lines.append(f"  {self.blocks[block]}{self._block_notes(block)}:")
            lines += [f"    {self._operation(op)}" for op in block.operations]
        lines.append("end")
        return "\n".join(lines)

    def _head(self) -> str:
        function = self.function
        parameters = ", ".join(f"{self.names[p]}: {p.rep}" for p in function.parameters)
        notes = [
            f"unit={json.dumps(function.unit)}",
            f"file={json.dumps(function.file)}",
            f"line={function.line}",
            f"name={json.dumps(function.display_name)}",
        ]
        if function.source_name:
            notes.append(f"source={json.dumps(function.source_name)}")
        if function.section is not None:
            notes.append(f"section={json.dumps(function.section)}")
        if function.convention is Convention.MICROSOFT_X64:
            notes.append("win64")
        notes += [flag for flag in FUNCTION_FLAGS if getattr(function, flag)]
        return f"function @{_name(function.symbol)}({parameters}) -> {function.result} {{{' '.join(notes)}}}"

    def _block_notes(self, block: Block) -> str:
        handler = ""
        if block.handler is not None:
            handler = f" handler({self._field(block.handler.block)}, {self._field(block.handler.local)})"
        return handler + (" cold" if block.cold else "")

    def _operation(self, op: Operation) -> str:
        kind = type(op)
        fields = ", ".join(self._field(getattr(op, name)) for name in printed_fields(kind))
        result = f"{self.names[op]}: {op.rep} = " if op in self.names else ""
        file = f" {json.dumps(op.file)}" if op.file is not None else ""
        return f"{result}{operation_name(kind)}({fields}) @{op.line}{file}"

    def _field(self, value: object) -> str:
        match value:
            case None:
                return "none"
            case bool():
                return "true" if value else "false"
            case int():
                return str(value)
            case str():
                return json.dumps(value)
            case Enum():
                return value.name
            case Local():
                return self.locals.get(value, f"${_name(value.name)}")
            case Block():
                return self.blocks.get(value, f"^{_name(value.name)}")
            case Signature():
                return signature_text(value)
            case tuple():
                return "[" + ", ".join(self._field(part) for part in value) + "]"
        return self._value(value)

    def _value(self, value: object) -> str:
        match value:
            case Constant(rep, number):
                if number is None:
                    return f"null {rep}"
                return f"{rep} {number.hex() if isinstance(number, float) else int(number)}"
            case SymbolAddress(symbol, rep):
                return f"{rep} @{_name(symbol)}"
            case Undefined(rep):
                return f"undefined {rep}"
            case Operation() | Parameter():
                return self.names.get(value, f"%<{type(value).__name__} of elsewhere>")
        return f"<{type(value).__name__}>"


def _unique(mark: str, named: list[tuple[Any, str]]) -> dict[Any, str]:
    """Names that differ, by a number where they would not."""
    taken: dict[str, int] = {}
    found: dict[Any, str] = {}
    for subject, name in named:
        candidate, count = name, taken.get(name, 0)
        while candidate in taken:
            candidate, count = f"{name}.{count}", count + 1
        taken[name] = count
        taken[candidate] = 0
        found[subject] = mark + _name(candidate)
    return found
