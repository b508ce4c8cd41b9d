"""IR text in: reads what printer.py prints, so that cases of passes can be written down as text.

The idea: the text describes itself (marks tell values, locals, blocks and symbols apart), and an operation's dataclass
says which field an enum member belongs to. Operands may be named before they are computed, so names are resolved at the
end of each function.

Contract: `read_program(program_text(p))` prints as `p` does. A wrong text raises ReadError with its line.
"""

from __future__ import annotations

import json
import re
import typing
from enum import Enum
from typing import Any

from compiler.diagnostics.errors import InternalError
from compiler.ir import ops
from compiler.ir.module import DataItem, DataReference, DataSection, Function, Program
from compiler.ir.operands import FIELDS, replace_operands
from compiler.ir.ops import Block, Constant, Convention, Handler, Local, Operation, Parameter, Signature, SymbolAddress
from compiler.ir.printer import FUNCTION_FLAGS, operation_name, printed_fields
from compiler.ir.types import F64, POINTER, REF, AggregateRep, IntegerRep, Rep

_TOKEN = re.compile(
    r'\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<name>[%$^@](?:"(?:[^"\\]|\\.)*"|[A-Za-z0-9_.]+))'
    r"|(?P<number>[+-]?(?:0x[0-9a-f]+\.?[0-9a-f]*p[+-]?\d+|inf|nan|\d+))|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>->|[^\s]))"
)
_KINDS = {operation_name(kind): kind for kind in FIELDS}


class ReadError(InternalError):
    """The text is no IR."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__("ir reader", None, None, f"line {line}: {message}")


_HINTS = {kind: typing.get_type_hints(kind) for kind in FIELDS}


class _Named:
    """A value that is mentioned by name; stands in an operation until the function is complete."""

    def __init__(self, name: str) -> None:
        self.name = name


def read_program(text: str) -> Program:
    """A whole program."""
    reader = _Reader(text)
    program = Program()
    while reader.token != "":
        match reader.take():
            case "entry":
                program.entry_symbol = reader.symbol()
            case "defect":
                name = reader.take()
                reader.expect("=")
                program.defects[name] = reader.symbol()
            case "external":
                name = reader.symbol()
                program.external[name] = reader.signature()
            case "data":
                item = reader.data()
                program.data[item.symbol] = item
            case "function":
                function = reader.function()
                program.functions[function.symbol] = function
            case other:
                raise ReadError(reader.line, f"{other!r} starts nothing")
    return program


def read_function(text: str) -> Function:
    """One function alone."""
    reader = _Reader(text)
    reader.expect("function")
    return reader.function()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.line = 1
        self.token = ""
        self.advance()
        self.values: dict[str, Operation | Parameter] = {}
        self.blocks: dict[str, Block] = {}
        self.locals: dict[str, Local] = {}

    # --- tokens

    def advance(self) -> None:
        match = _TOKEN.match(self.text, self.place)
        if match is None:
            self.token = ""
            return
        self.line += self.text.count("\n", self.place, match.end())
        self.place = match.end()
        self.token = match.group(match.lastgroup or "mark")

    def take(self) -> str:
        token = self.token
        self.advance()
        return token

    def expect(self, token: str) -> None:
        if self.token != token:
            raise ReadError(self.line, f"{token!r} expected, {self.token!r} found")
        self.advance()

    def accept(self, token: str) -> bool:
        found = self.token == token
        if found:
            self.advance()
        return found

    def marked(self, mark: str) -> str:
        """A name with its mark taken off."""
        token = self.take()
        if not token.startswith(mark):
            raise ReadError(self.line, f"a name with {mark} expected, {token!r} found")
        return str(json.loads(token[1:])) if token[1:2] == '"' else token[1:]

    def symbol(self) -> str:
        return self.marked("@")

    def number(self) -> int:
        token = self.take()
        try:
            return int(token)
        except ValueError:
            raise ReadError(self.line, f"a number expected, {token!r} found") from None

    def string(self) -> str:
        token = self.take()
        if not token.startswith('"'):
            raise ReadError(self.line, f"a text expected, {token!r} found")
        return str(json.loads(token))

    # --- types

    def rep(self) -> Rep:
        token = self.take()
        match token:
            case "f64":
                return F64
            case "ptr":
                return POINTER
            case "ref":
                return REF
            case "{":
                parts: list[Rep] = []
                while not self.accept("}"):
                    parts.append(self.rep())
                    self.accept(",")
                return AggregateRep(tuple(parts))
        if re.fullmatch(r"i\d+", token):
            return IntegerRep(int(token[1:]))
        raise ReadError(self.line, f"{token!r} is no representation")

    def signature(self) -> Signature:
        self.expect("(")
        parameters: list[Rep] = []
        while not self.accept(")"):
            parameters.append(self.rep())
            self.accept(",")
        self.expect("->")
        result = self.rep()
        raises = self.accept("raises")
        convention = Convention.MICROSOFT_X64 if self.accept("win64") else Convention.SYSTEM_V
        return Signature(tuple(parameters), result, raises, convention)

    # --- data

    def data(self) -> DataItem:
        item = DataItem(self.symbol(), "", DataSection[self.take()], 1)
        while not self.accept("["):
            match self.take():
                case "align":
                    self.expect("=")
                    item.alignment = self.number()
                case "size":
                    self.expect("=")
                    item.size = self.number()
                case "unit":
                    self.expect("=")
                    item.unit = self.string()
                case "exported":
                    item.exported = True
                case "mergeable":
                    item.mergeable = True
                case other:
                    raise ReadError(self.line, f"{other!r} says nothing about data")
        parts: list[bytes | DataReference] = []
        while not self.accept("]"):
            parts.append(self._part())
        item.parts = tuple(parts)
        return item

    def _part(self) -> bytes | DataReference:
        if self.token.startswith("@"):
            symbol = self.symbol()
            return DataReference(symbol, self.number() if self.token[:1] in "+-" else 0)
        token = self.take()
        if not re.fullmatch(r"x([0-9a-f]{2})*", token):
            raise ReadError(self.line, f"{token!r} is neither bytes nor a reference")
        return bytes.fromhex(token[1:])

    # --- functions

    def function(self) -> Function:
        self.values, self.blocks, self.locals = {}, {}, {}
        symbol = self.symbol()
        parameters = self._parameters()
        self.expect("->")
        function = Function(symbol, parameters, self.rep(), "", 0, "", "", may_raise=False)
        self._notes(function)
        while not self.accept("end"):
            if self.accept("local"):
                self._local(function)
            elif self.accept("assembly"):
                function.assembly = self.string()
            else:
                self._block(function)
        self._resolve(function)
        return function

    def _parameters(self) -> list[Parameter]:
        self.expect("(")
        found: list[Parameter] = []
        while not self.accept(")"):
            name = self.marked("%")
            self.expect(":")
            parameter = Parameter(name, self.rep())
            self.values[name] = parameter
            found.append(parameter)
            self.accept(",")
        return found

    _TEXT_NOTES: typing.ClassVar[dict[str, str]] = {
        "unit": "unit",
        "file": "file",
        "name": "display_name",
        "source": "source_name",
        "section": "section",
    }

    def _notes(self, function: Function) -> None:
        self.expect("{")
        while not self.accept("}"):
            word = self.take()
            if word in self._TEXT_NOTES:
                self.expect("=")
                setattr(function, self._TEXT_NOTES[word], self.string())
            elif word == "line":
                self.expect("=")
                function.line = self.number()
            elif word == "win64":
                function.convention = Convention.MICROSOFT_X64
            elif word in FUNCTION_FLAGS:
                setattr(function, word, True)
            else:
                raise ReadError(self.line, f"{word!r} says nothing about functions")

    def _local(self, function: Function) -> None:
        name = self.marked("$")
        self.expect(":")
        local = Local(name, self.rep())
        if self.accept("unbound"):
            self.expect("=")
            local.unbound_defect = self.symbol()
        self.locals[name] = local
        function.locals.append(local)

    def _block(self, function: Function) -> None:
        block = self._block_named(self.marked("^"))
        function.blocks.append(block)
        if self.accept("handler"):
            self.expect("(")
            target = self._block_named(self.marked("^"))
            self.expect(",")
            block.handler = Handler(target, self._local_named(self.marked("$")))
            self.expect(")")
        block.cold = self.accept("cold")
        self.expect(":")
        while not self.token.startswith("^") and self.token != "end":
            block.operations.append(self._operation())

    def _block_named(self, name: str) -> Block:
        return self.blocks.setdefault(name, Block(name))

    def _local_named(self, name: str) -> Local:
        if name not in self.locals:
            raise ReadError(self.line, f"no local ${name}")
        return self.locals[name]

    def _operation(self) -> Operation:
        name, rep = "", None
        if self.token.startswith("%"):
            name = self.marked("%")
            self.expect(":")
            rep = self.rep()
            self.expect("=")
        word = self.take()
        kind = _KINDS.get(word)
        if kind is None:
            raise ReadError(self.line, f"{word!r} is no operation")
        fields: dict[str, Any] = {}
        self.expect("(")
        for position, field in enumerate(printed_fields(kind)):
            if position:
                self.expect(",")
            fields[field] = self._field(_HINTS[kind][field])
        self.expect(")")
        line = int(self.symbol())
        file = self.string() if self.token.startswith('"') else None
        if rep is not None:
            fields["rep"] = rep
        op = kind(**fields, line=line, file=file)
        if name:
            self.values[name] = op
        return op

    def _field(self, hint: Any) -> object:
        """One field; the type is needed for enum members only."""
        token = self.token
        if isinstance(hint, type) and issubclass(hint, Enum):
            return hint[self.take()]
        match token[:1]:
            case "%":
                return _Named(self.marked("%"))
            case "$":
                return self._local_named(self.marked("$"))
            case "^":
                return self._block_named(self.marked("^"))
            case '"':
                return self.string()
            case "[":
                return self._list()
            case "(":
                return self.signature()
        if token in _WORDS:
            return _WORDS[self.take()]
        return self.number() if re.fullmatch(r"[+-]?\d+", token) else self._leaf()

    def _list(self) -> tuple[object, ...]:
        self.expect("[")
        found: list[object] = []
        while not self.accept("]"):
            found.append(self._field(None))
            self.accept(",")
        return tuple(found)

    def _leaf(self) -> ops.Value:
        """A constant, a symbol's address, or a value nobody looks at."""
        if self.accept("null"):
            return Constant(self.rep(), None)
        if self.accept("undefined"):
            return ops.Undefined(self.rep())
        rep = self.rep()
        if self.token.startswith("@"):
            return SymbolAddress(self.symbol(), rep)
        token = self.take()
        return Constant(rep, float.fromhex(token) if rep == F64 else int(token))

    def _resolve(self, function: Function) -> None:
        """Put operations where names stand."""
        for block in self.blocks.values():
            if block not in function.blocks:
                raise ReadError(self.line, f"no block ^{block.name}")
        for block in function.blocks:
            for op in block.operations:
                replace_operands(op, self._named)
                if isinstance(op, ops.BranchFailure | ops.Failure):
                    found = self._named(op.operation)
                    if isinstance(found, Operation):
                        op.operation = found

    def _named(self, value: Any) -> Any:
        if not isinstance(value, _Named):
            return value
        if value.name not in self.values:
            raise ReadError(self.line, f"no value %{value.name}")
        return self.values[value.name]


_WORDS: dict[str, object] = {"none": None, "true": True, "false": False}
