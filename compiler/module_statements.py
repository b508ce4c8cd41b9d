"""Statements that would run at import, where nothing runs at import (kernel and UEFI applications).

There every module-level initialiser is evaluated at compile time, so a module holds declarations only. The one
exception is `if __name__ == "__main__":`, under which a file says what it does when CPython runs it: the target has an
entry of its own, and the block is left out.
"""

from __future__ import annotations

from compiler.diagnostics.sink import DiagnosticSink
from compiler.resolve.program import Origin, Program
from compiler.resolve.type_checking import is_type_checking
from compiler.syntax import tree

DECLARATIONS = (
    tree.FunctionDefinition,
    tree.ClassDefinition,
    tree.TypeAlias,
    tree.Import,
    tree.ImportFrom,
    tree.Assign,
    tree.AnnotatedAssign,
    tree.Pass,
)


def refuse_running_statements(program: Program, sink: DiagnosticSink) -> None:
    """One diagnostic per statement of the program's own modules that would have to run."""
    for module in program.modules.values():
        for statement in module.tree.body if module.origin is Origin.PROGRAM else ():
            if not isinstance(statement, DECLARATIONS) and not is_text(statement) and not is_about_name(statement):
                sink.error(
                    "E0502",
                    statement.span,
                    "no module body runs on this target: initial values are computed at compile time",
                    suggestion="move this into a function that `main` calls",
                )


def is_text(statement: tree.Statement) -> bool:
    """A docstring, or a string after a declaration that documents it."""
    return isinstance(statement, tree.ExpressionStatement) and isinstance(statement.value, tree.Constant)


def is_about_name(statement: tree.Statement) -> bool:
    """`if __name__ == "__main__":` and `if TYPE_CHECKING:`."""
    match statement:
        case tree.If(condition=tree.Comparison(first=tree.Name(identifier="__name__")), otherwise=()):
            return True
        case tree.If(condition=condition):
            return is_type_checking(condition)
    return False
