"""The faults that are planted: small changes of meaning, each a node of the syntax tree replaced by another.

`find_mutations(source)` lists them in source order; `apply(source, mutation)` gives the changed text. Only the changed
node's text is replaced, so that line numbers and comments stay as they are.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
# Keyword arguments that only word a diagnostic.
WORDING = frozenset({"suggestion", "label", "notes", "message", "help"})
# Raised where the code is wrong, not its input.
INTERNAL_CHECKS = frozenset({"AssertionError", "InternalError", "NotImplementedError"})


@dataclass(frozen=True, slots=True)
class Mutation:
    """One fault: where, what, and the text that takes the place of the old one (lines from 1, columns in bytes)."""

    operator: str
    line: int
    column: int
    end_line: int
    end_column: int
    old: str
    new: str

    def change(self) -> str:
        return f"{self.operator}: {shorten(self.old)} → {shorten(self.new)}"


def shorten(text: str, limit: int = 50) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def find_mutations(source: str) -> list[Mutation]:
    """Every fault that can be planted, in source order."""
    found = [mutation for node in live_nodes(ast.parse(source)) for mutation in mutations_of(node, source)]
    return sorted(found, key=lambda mutation: (mutation.line, mutation.column, mutation.operator, mutation.new))


def live_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes that can change what a program does: no annotations, docstrings, imports, or type-checking blocks.

    What only words a message or an internal check is left out too: no test should pin it down.
    """
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "type_params", "decorator_list"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not is_dead(child):
                yield child
                yield from live_nodes(child)


def is_dead(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.JoinedStr() | ast.Assert():
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.If(test=test):
            return "TYPE_CHECKING" in ast.dump(test)
        case ast.FunctionDef(name=name):
            return name == "__repr__"
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name == "__all__"
        case ast.keyword(arg=name):
            return name in WORDING
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) | ast.Name(id=name)):
            return name in INTERNAL_CHECKS
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name in {"assert_never", "panic"}
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name == "log"
    return False


def mutations_of(node: ast.AST, source: str) -> Iterator[Mutation]:
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not has_own_operator(node.test):
        yield make_mutation("condition negated", node.test, f"(not ({ast.unparse(node.test)}))", source)
    for operator, change in OPERATORS:
        replacement = change(node)
        if replacement is not None:
            yield make_mutation(operator, node, replacement, source)


def has_own_operator(test: ast.expr) -> bool:
    """Conditions that another operator turns round already; `while True` is no condition."""
    return isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant)


def make_mutation(operator: str, node: ast.AST, replacement: str, source: str) -> Mutation:
    assert isinstance(node, ast.expr | ast.stmt)
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    old = ast.get_source_segment(source, node) or ""
    return Mutation(operator, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, old, replacement)


def swap_comparison(node: ast.AST) -> str | None:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
        changed = copy.deepcopy(node)
        changed.ops = [COMPARISONS[type(node.ops[0])]()]
        return f"({ast.unparse(changed)})"
    return None


def swap_arithmetic(node: ast.AST) -> str | None:
    # `a | b` between names in CamelCase is a union of types; between names in capitals it joins flags.
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC and not is_type_like(node):
        changed = copy.deepcopy(node)
        changed.op = ARITHMETIC[type(node.op)]()
        return f"({ast.unparse(changed)})"
    return None


def is_type_like(node: ast.BinOp) -> bool:
    if any(is_text(side) for side in (node.left, node.right)):
        return True
    return isinstance(node.op, ast.BitOr) and any(names_type(side) for side in (node.left, node.right))


def names_type(node: ast.expr) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in {"int", "str", "bytes", "bool"} or (
                name[:1].isupper() and (len(name) == 1 or not name.isupper())
            )
        case ast.Constant(value=value):
            return value is None
    return False


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def change_constant(by: int) -> Callable[[ast.AST], str | None]:
    def change(node: ast.AST) -> str | None:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return str(node.value + by) if node.value + by >= 0 else f"({node.value + by})"
        return None

    return change


def swap_and_or(node: ast.AST) -> str | None:
    if isinstance(node, ast.BoolOp):
        changed = copy.deepcopy(node)
        changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return f"({ast.unparse(changed)})"
    return None


def remove_not(node: ast.AST) -> str | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return f"({ast.unparse(node.operand)})"
    return None


def drop_statement(node: ast.AST) -> str | None:
    if isinstance(node, ast.Expr | ast.AugAssign | ast.Raise | ast.Continue | ast.Break | ast.Delete):
        return "pass"
    return None


def flip_truth(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return str(not node.value)
    return None


OPERATORS: tuple[tuple[str, Callable[[ast.AST], str | None]], ...] = (
    ("comparison", swap_comparison),
    ("arithmetic", swap_arithmetic),
    ("constant + 1", change_constant(1)),
    ("constant - 1", change_constant(-1)),
    ("and / or", swap_and_or),
    ("not removed", remove_not),
    ("statement dropped", drop_statement),
    ("truth flipped", flip_truth),
)


def apply(source: str, mutation: Mutation) -> str:
    """The source with the fault in it."""
    lines = source.encode().splitlines(keepends=True)
    before = b"".join(lines[: mutation.line - 1]) + lines[mutation.line - 1][: mutation.column]
    after = lines[mutation.end_line - 1][mutation.end_column :] + b"".join(lines[mutation.end_line :])
    return (before + mutation.new.encode() + after).decode()
