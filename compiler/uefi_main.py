"""How a UEFI application starts: the firmware calls `efi_main` of the runtime, that calls `main()` of the root file.

No code runs at import on this target, so the application says where it begins. The runtime knows one symbol,
`pyc_run_program`; for a program that runs the modules' bodies, here it calls `main`.
"""

from __future__ import annotations

from compiler.check.typed_tree import TypedProgram
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import file_span
from compiler.ir.builder import NOTHING, FunctionBuilder
from compiler.ir.module import Function, Program
from compiler.ir.types import UNIT
from compiler.resolve.program import Program as BoundProgram
from compiler.type_system.kinds import NONE

MAIN = "__main__.main"
RUN_PROGRAM = "pyc_run_program"
SUPPORT_UNIT = "pyc.support"


def require_main(bound: BoundProgram, typed: TypedProgram, sink: DiagnosticSink) -> None:
    """An application needs `def main() -> None:` in its root file."""
    found = typed.instances.get(MAIN)
    if found is None:
        sink.error(
            "E0707",
            file_span(bound.main.path),
            "a UEFI application needs a function `main`: it is called when the firmware starts the application",
            suggestion="def main() -> None:",
        )
    elif found.parameters or found.result != NONE:
        sink.error(
            "E0707",
            found.info.span,
            "`main` of a UEFI application takes nothing and returns nothing",
            suggestion="leave with a status by `raise SystemExit(status)`",
        )


def add_run_program(program: Program) -> None:
    """`pyc_run_program` calls `main`; the runtime gets the exception that leaves it."""
    function = Function(RUN_PROGRAM, [], UNIT, "<runtime>", 0, RUN_PROGRAM, SUPPORT_UNIT, source_name=RUN_PROGRAM)
    program.functions[RUN_PROGRAM] = function
    builder = FunctionBuilder(function)
    builder.position_at(builder.block("entry"))
    builder.call(MAIN, (), UNIT)
    builder.ret(NOTHING)
    builder.finish()
