"""One compilation unit as LLVM text: its functions, its data, and declarations of what it uses.

The idea: functions are printed first and note what they use; declarations follow from that. Nothing depends on other
units but the signatures and sections of used symbols, so the text is also the key of the object in the build cache.

Contract: equal input gives equal text. Every symbol is hidden (or `dso_local` where exported), so no table of addresses
is ever needed; every function and item has a section of its own, so the linker can drop what nobody uses.
"""

from __future__ import annotations

from dataclasses import dataclass

from compiler.codegen import data_text
from compiler.codegen.debug_info import DebugInfo
from compiler.codegen.function_text import FunctionText
from compiler.codegen.runtime_support import ENTRIES, HELPERS
from compiler.codegen.type_map import calling_convention, escape, llvm_type, result_type, symbol
from compiler.codegen.unit_plan import UnitPlan
from compiler.ir.module import Function, Program
from compiler.ir.ops import Signature
from compiler.target import Profile, TargetSpec


@dataclass(frozen=True, slots=True)
class CodegenOptions:
    """What changes the text."""

    optimise: bool = True
    debug_lines: bool = True


LIBRARY_NAMES = frozenset({"memcpy", "memmove", "memset", "memcmp", "bcmp", "strlen"})
"""LLVM would turn the loop inside one of these into a call of itself."""


def unit_text(
    program: Program, unit: str, target: TargetSpec, options: CodegenOptions, plan: UnitPlan | None = None
) -> str:
    """LLVM text of one unit of a program that has passed all passes. One `plan` serves all units of a program."""
    return _Unit(program, unit, target, options, plan if plan is not None else UnitPlan(program)).text()


def units_of(program: Program) -> list[str]:
    """The names of all units, in order of first appearance."""
    return UnitPlan(program).names


class _Unit:
    """Collects one unit; implements function_text.UnitContext."""

    def __init__(
        self, program: Program, unit: str, target: TargetSpec, options: CodegenOptions, plan: UnitPlan
    ) -> None:
        self.program = program
        self.target = target
        self.options = options
        self.functions = plan.functions.get(unit, [])
        self.items = plan.items.get(unit, [])
        self.foreign = plan.foreign_bodies(unit) if options.optimise else []
        self.name = unit
        file = self.functions[0].file if self.functions else unit
        self.debug = DebugInfo(file, options.optimise) if options.debug_lines and self.functions else None
        bodies = (*self.functions, *self.foreign)
        # A naked function is module assembly: LLVM sees no definition, so calls from its own unit need a declaration.
        self._defined = {function.symbol for function in bodies if function.assembly is None}
        self._defined |= {item.symbol for item in self.items}
        self._spelled: dict[str, str] = {}
        self._used: dict[str, None] = {}
        self._intrinsics: dict[str, str] = {}
        self._helpers: dict[str, None] = {}
        self._records: dict[str, str] = {}
        self._strings: dict[str, str] = {}
        self._attributes: dict[str, int] = {}

    # --- what functions ask for

    def use_symbol(self, name: str) -> str:
        spelled = self._spelled.get(name)
        if spelled is None:
            spelled = self._spelled[name] = symbol(name)
            if name not in self._defined:
                self._used[name] = None
        return spelled

    def use_runtime(self, name: str) -> str:
        if name in HELPERS:
            self._helpers[name] = None
            if "release" in name:
                self.use_runtime("pyc_release_last")
            return f"@{name}"
        return self.use_symbol(name)

    def use_intrinsic(self, name: str, result: str, parameters: str) -> str:
        self._intrinsics[name] = f"declare {result} @{name}({parameters})"
        return f"@{name}"

    def signature(self, name: str) -> Signature:
        return self.program.signature(name)

    def function_record(self, function: Function) -> str:
        """{file, its length, display name, its length}: what a traceback line needs."""
        record = f"@{_quoted('.record.' + function.symbol)}"
        if function.symbol not in self._records:
            parts = []
            for text in (function.file, function.display_name):
                parts.append(f"ptr {self._string(text)}, i64 {len(text.encode())}")
            prefix = ".data.rel.ro" if self.target.position_independent else ".rodata"
            section = escape(f"{prefix}..record.{function.symbol}".encode())
            self._records[function.symbol] = (
                f"{record} = private unnamed_addr constant {{ ptr, i64, ptr, i64 }} {{ {', '.join(parts)} }}, "
                f'section "{section}", align 8'
            )
        return record

    def _string(self, text: str) -> str:
        name = f"@.text.{len(self._strings)}"
        if text not in self._strings:
            self._strings[text] = name
        return self._strings[text]

    # --- the text

    def text(self) -> str:
        bodies: list[str] = []
        assembly: list[str] = []
        for function in self.functions:
            if function.assembly is not None:
                assembly += _assembly(function)
            else:
                bodies += self._function(function)
        for function in self.foreign:
            bodies += self._function(function, "available_externally hidden ")
        items = [data_text.data_text(item, self.target.position_independent, self.use_symbol) for item in self.items]
        helpers = [self._helper(name) for name in self._helpers]
        lines = [
            f'source_filename = "{escape(self.name.encode())}"',
            f'target triple = "{self.target.triple}"',
            *assembly,
            *items,
            *(self._string_text(text, name) for text, name in self._strings.items()),
            *self._records.values(),
            *self._declarations(),
            *self._intrinsics.values(),
            *helpers,
            *bodies,
            *(f"attributes #{number} = {{ {text} }}" for text, number in self._attributes.items()),
            *(self.debug.nodes() if self.debug is not None else ()),
        ]
        return "\n".join(lines) + "\n"

    @staticmethod
    def _string_text(text: str, name: str) -> str:
        data = text.encode() + b"\0"
        return f'{name} = private unnamed_addr constant [{len(data)} x i8] c"{escape(data)}", align 1'

    def _function(self, function: Function, linkage: str = "") -> list[str]:
        linkage = linkage or ("dso_local " if function.exported else "hidden ")
        section = escape((function.section or f".text.{function.symbol}").encode())
        return FunctionText(function, self).print(linkage, self._attribute_group(function), f' section "{section}"')

    def _attribute_group(self, function: Function) -> str:
        words = ["nounwind"]
        if function.never_returns:
            words.append("noreturn")
        if function.inline:
            words.append("alwaysinline")
        if function.no_inline:
            words.append("noinline")
        if self.target.profile is Profile.KERNEL or function.symbol in LIBRARY_NAMES:
            words.append('"no-builtins"')
        return self._group(words)

    def _group(self, words: list[str]) -> str:
        """The number of an attribute group: these and what the target asks for."""
        all_words = [*words, '"frame-pointer"="all"', f'"target-cpu"="{self.target.processor}"']
        if not self.target.red_zone:
            all_words.append("noredzone")
        if self.target.features:
            all_words.append(f'"target-features"="{self.target.features}"')
        text = " ".join(all_words)
        return f"#{self._attributes.setdefault(text, len(self._attributes))}"

    def _helper(self, name: str) -> str:
        builtins = ['"no-builtins"'] if self.target.profile is Profile.KERNEL else []
        hot = self._group(["nounwind", "alwaysinline" if self.options.optimise else "noinline", *builtins])
        cold = self._group(["nounwind", "noinline", "cold", *builtins])
        return HELPERS[name].replace("{HOT}", hot).replace("{COLD}", cold)

    def _declarations(self) -> list[str]:
        found: list[str] = []
        for name in self._used:
            if name in ENTRIES:
                found.append(ENTRIES[name])
            elif name in self.program.functions or name in self.program.external:
                found.append(_declaration(name, self.program.signature(name)))
            else:
                found.append(f"{symbol(name)} = external hidden global i8")
        return found


def _declaration(name: str, signature: Signature) -> str:
    parameters = ", ".join(llvm_type(rep) for rep in signature.parameters)
    convention = calling_convention(signature.convention)
    return f"declare hidden {convention}{result_type(signature)} {symbol(name)}({parameters}) nounwind"


def _quoted(name: str) -> str:
    return symbol(name)[1:]


def _assembly(function: Function) -> list[str]:
    """A naked function as module assembly: Intel syntax, its own section, symbol, type and size."""
    name = function.symbol
    section = function.section or f".text.{name}"
    body = (function.assembly or "").splitlines()
    lines = [
        f'.section "{section}","ax",@progbits',
        ".p2align 4",
        f'.globl "{name}"',
        f'.hidden "{name}"',
        f'.type "{name}",@function',
        f'"{name}":',
        ".intel_syntax noprefix",
        *body,
        ".att_syntax",
        f'.size "{name}", .-"{name}"',
        ".text",
    ]
    return [f'module asm "{escape(line.encode())}"' for line in lines]
