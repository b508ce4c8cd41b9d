"""Library modules that call the operating system, on targets that have none under them.

The modules may be imported, because some of what they hold needs no system call (`sys.exit`). What does need one would
execute `syscall` where nobody answers, so a program that reaches it is refused at its imports.
"""

from __future__ import annotations

from compiler.check.typed_tree import TypedProgram
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import file_span
from compiler.resolve.program import Origin, Program

SYSTEM_CALLS = "runtime.std.posix"


def refuse_system_calls(program: Program, typed: TypedProgram, sink: DiagnosticSink) -> None:
    """One diagnostic per import that leads to the system calls, if something of the program reaches them."""
    if not any(instance.info.module == SYSTEM_CALLS for instance in typed.instances.values()):
        return
    own = [module for module in program.modules.values() if module.origin is Origin.PROGRAM]
    found = [alias for module in own for alias, target in module.imports.items() if calls(program, target.module)]
    for place in [alias.span for alias in found] or [file_span(program.main.path)]:
        sink.error(
            "E0208",
            place,
            "what is used of this module calls the operating system, and this target has none",
            suggestion="print with `print`, and leave with `raise SystemExit(status)`",
        )


def calls(program: Program, name: str) -> bool:
    """Whether a library module stands on the system calls."""
    module = program.modules.get(name)
    if name == SYSTEM_CALLS or module is None or module.origin is not Origin.RUNTIME:
        return name == SYSTEM_CALLS
    return any(target.module == SYSTEM_CALLS for target in module.imports.values())
