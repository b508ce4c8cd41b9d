"""DWARF 5 by LLVM metadata: the unit, its functions, the line of every instruction, arguments of simple type.

The idea: metadata nodes are lines of text with a number; equal nodes share one. The language is given as C11, because
gdb knows no Python and falls back to a minimal language with DW_LANG_Python.

Contract: numbers are handed out in order of first use, so equal units print equally. `nodes` gives the text at the end.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from compiler.codegen.type_map import escape
from compiler.ir.module import Function
from compiler.ir.types import FloatRep, IntegerRep, Rep


class DebugInfo:
    """The numbered metadata of one compilation unit."""

    def __init__(self, unit_file: str, optimised: bool) -> None:
        self._nodes: list[str] = []
        self._numbers: dict[str, int] = {}
        self._lines: dict[tuple[int, int], str] = {}
        self._files: dict[str, int] = {}
        self._blocks: dict[tuple[int, str], int] = {}
        file = self.file(unit_file)
        self.unit = self.node(
            f'distinct !DICompileUnit(language: DW_LANG_C11, file: !{file}, producer: "pyc", '
            f"isOptimized: {'true' if optimised else 'false'}, runtimeVersion: 0, emissionKind: FullDebug, "
            "nameTableKind: None)"
        )
        self._signature = self.node(f"!DISubroutineType(types: !{self.node('!{null}')})")

    def node(self, text: str) -> int:
        """The number of this node."""
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self._nodes)
            self._nodes.append(text)
        return number

    def file(self, path: str) -> int:
        number = self._files.get(path)
        if number is None:
            pure = PurePosixPath(path)
            name, folder = escape(pure.name.encode()), escape(str(pure.parent).encode())
            number = self._files[path] = self.node(f'!DIFile(filename: "{name}", directory: "{folder}")')
        return number

    def subprogram(self, function: Function) -> int:
        """A distinct node per printed function."""
        file = self.file(function.file)
        name = escape(function.display_name.encode())
        linkage = escape(function.symbol.encode())
        return self.node(
            f'distinct !DISubprogram(name: "{name}", linkageName: "{linkage}", scope: !{file}, file: !{file}, '
            f"line: {function.line}, type: !{self._signature}, scopeLine: {function.line}, "
            f"spFlags: DISPFlagDefinition, unit: !{self.unit})"
        )

    def location(self, scope: int, file: str | None, line: int) -> str:
        """The suffix of an instruction; `file` where it differs from the function's."""
        if file is not None:
            key = (scope, file)
            block = self._blocks.get(key)
            if block is None:
                block = self._blocks[key] = self.node(
                    f"!DILexicalBlockFile(scope: !{scope}, file: !{self.file(file)}, discriminator: 0)"
                )
            scope = block
        place = self._lines.get((scope, line))
        if place is None:
            place = self._lines[scope, line] = f", !dbg !{self.node(f'!DILocation(line: {line}, scope: !{scope})')}"
        return place

    def basic_type(self, rep: Rep) -> int | None:
        """A type that gdb can print: numbers; addresses as unsigned numbers. Aggregates are left out."""
        match rep:
            case IntegerRep(1):
                return self.node('!DIBasicType(name: "bool", size: 8, encoding: DW_ATE_boolean)')
            case IntegerRep(bits) if bits <= 64:
                return self.node(f'!DIBasicType(name: "i{bits}", size: {bits}, encoding: DW_ATE_signed)')
            case FloatRep():
                return self.node('!DIBasicType(name: "float", size: 64, encoding: DW_ATE_float)')
        return None

    def argument(self, scope: int, position: int, name: str, line: int, file: str, type_number: int) -> int:
        """A formal parameter, position from 1."""
        return self.node(
            f'!DILocalVariable(name: "{escape(name.encode())}", arg: {position}, scope: !{scope}, '
            f"file: !{self.file(file)}, line: {line}, type: !{type_number})"
        )

    def nodes(self) -> list[str]:
        """All text that belongs at the end of the module. Call last."""
        flags = [
            self.node('!{i32 7, !"Dwarf Version", i32 5}'),
            self.node('!{i32 2, !"Debug Info Version", i32 3}'),
        ]
        listed = ", ".join(f"!{flag}" for flag in flags)
        return [
            f"!llvm.dbg.cu = !{{!{self.unit}}}",
            f"!llvm.module.flags = !{{{listed}}}",
            *(f"!{number} = {text}" for number, text in enumerate(self._nodes)),
        ]
