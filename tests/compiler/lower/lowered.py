"""Sources brought to the lowered form, for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

from compiler.diagnostics.sink import DiagnosticSink
from compiler.ir.module import Function, Program
from compiler.ir.ops import Operation
from compiler.ir.verify import Level, verify_program
from compiler.options import BuildOptions
from compiler.pipeline import Pipeline, with_deep_stack


def lower_source(folder: Path, text: str) -> Program:
    """The verified lowered form of a program."""
    source = folder / "case.py"
    source.write_text(text)
    pipeline = Pipeline(BuildOptions(source, use_cache=False), DiagnosticSink())
    program = with_deep_stack(lambda: pipeline.lower(pipeline.check(pipeline.resolve())))
    verify_program(program, Level.LOWERED, "lower")
    return program


def function(program: Program, name: str) -> Function:
    return program.functions[f"__main__.{name}"]


def operations(found: Function, kind: type[Operation]) -> list[Operation]:
    return [op for block in found.blocks for op in block.operations if isinstance(op, kind)]
