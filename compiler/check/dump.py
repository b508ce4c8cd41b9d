"""The typed tree in readable form (`--emit types`): every function with its types, every statement with its
conversions shown."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from compiler.check import typed_tree as typed
from compiler.check.declarations import FunctionInfo
from compiler.diagnostics.span import Span
from compiler.type_system.kinds import FieldInfo, StructFieldInfo


def dump_program(program: typed.TypedProgram, only: str | None = None) -> str:
    """All functions (or those whose symbol contains `only`)."""
    parts = []
    for instance in program.instances.values():
        if only is None or only in instance.symbol:
            parts.append(dump_function(instance))
    return "\n".join(parts)


def dump_function(instance: typed.FunctionInstance) -> str:
    parameters = ", ".join(f"{p.name}: {p.type}" for p in instance.parameters)
    lines = [f"def {instance.symbol}({parameters}) -> {instance.result}:"]
    lines.extend(dump_block(instance.body, "    ") or ["    pass"])
    return "\n".join(lines) + "\n"


def dump_block(statements: list[typed.Statement], indent: str) -> list[str]:
    lines: list[str] = []
    for statement in statements:
        lines.extend(dump_statement(statement, indent))
    return lines


def dump_statement(statement: typed.Statement, indent: str) -> list[str]:
    """One line per statement, blocks indented under it."""
    heads: list[str] = []
    blocks: list[str] = []
    for item in fields(statement):
        value = getattr(statement, item.name)
        if isinstance(value, list) and value and isinstance(value[0], typed.Done):
            blocks.append(f"{indent}  {item.name}:")
            blocks.extend(dump_block(value, indent + "    "))
        elif isinstance(value, list) and value and isinstance(value[0], typed.ExceptClause):
            for clause in value:
                kinds = ", ".join(map(str, clause.kinds)) if clause.kinds is not None else "everything"
                blocks.append(f"{indent}  except {kinds} as {clause.variable.name}:")
                blocks.extend(dump_block(clause.body, indent + "    "))
        elif not isinstance(value, Span | list):
            heads.append(f"{item.name}={show(value)}")
    return [f"{indent}{type(statement).__name__} {' '.join(heads)}".rstrip(), *blocks]


def show(value: Any) -> str:
    """An expression or leaf on one line."""
    match value:
        case typed.Literal(value=constant, type=kind):
            return f"{constant!r}:{kind}"
        case typed.Variable(name=name):
            return name
        case typed.GlobalVariable() as variable:
            return variable.symbol
        case typed.FunctionInstance(symbol=symbol):
            return symbol
        case FunctionInfo(name=name) | FieldInfo(name=name) | StructFieldInfo(name=name):
            return name
        case typed.Typed():
            return show_node(value)
        case list():
            return "[" + ", ".join(map(show, value)) + "]"
        case tuple():
            return "(" + ", ".join(map(show, value)) + ")"
        case typed.Done():
            return "; ".join(line.strip() for line in dump_statement(value, ""))  # type: ignore[arg-type]
    return getattr(value, "name", None) or str(value)


def show_node(node: typed.Typed) -> str:
    parts = [show(getattr(node, f.name)) for f in fields(node) if f.name not in ("type", "span")]
    return f"{type(node).__name__}({', '.join(parts)}):{node.type}"
