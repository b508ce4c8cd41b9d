"""The tree as text (`--emit tree`): one line per node with its place and plain fields, children indented below.

    Assign 2:0-2:9
      targets: Name 2:0-2:5 identifier='total'
      value: Constant 2:8-2:9 value=1

The text depends on the source alone, never on identity or machine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from enum import Enum
from typing import Any

from compiler.diagnostics.span import Span
from compiler.syntax import tree

_INDENT = "  "
_HIDDEN = frozenset({"span", "source", "path"})


def dump(module: tree.Module) -> str:
    """A module as text that ends with a newline."""
    return "\n".join(_lines(module, "", "")) + "\n"


def _lines(node: tree.Node, indent: str, label: str) -> Iterator[str]:
    plain: list[str] = []
    below: list[tuple[str, tree.Node]] = []
    for name in _FIELDS[type(node)]:
        value = getattr(node, name)
        children = [one for one in value if isinstance(one, tree.Node)] if isinstance(value, tuple) else []
        if isinstance(value, tree.Node):
            below.append((name, value))
        elif children:
            below.extend((name, child) for child in children)
            plain.extend(_missing_places(name, value))
        elif value not in (None, ()) or isinstance(node, tree.Constant):
            plain.append(f"{name}={_plain(value)}")
    yield " ".join([f"{indent}{label}{type(node).__name__} {_place(node.span)}", *plain])
    for name, child in below:
        yield from _lines(child, indent + _INDENT, f"{name}: ")


def _missing_places(name: str, values: tuple[Any, ...]) -> Iterator[str]:
    """Which entries of a mixed sequence are absent, such as the keys of `{**a}`."""
    missing = [index for index, value in enumerate(values) if value is None]
    if missing:
        yield f"{name}_missing={missing}"


def _plain(value: object) -> str:
    match value:
        case Enum():
            return value.name
        case Span():
            return _place(value)
        case tuple():
            return "[" + ", ".join(_plain(one) for one in value) + "]"
        case int() if not isinstance(value, bool) and value.bit_length() > 64:
            return hex(value)  # decimal text of a huge number is limited
        case _:
            return ascii(value)


def _place(span: Span) -> str:
    return f"{span.line}:{span.column}-{span.end_line}:{span.end_column}"


_FIELDS: dict[type, tuple[str, ...]] = {
    one: tuple(field.name for field in dataclasses.fields(one) if field.name not in _HIDDEN)
    for one in vars(tree).values()
    if isinstance(one, type) and issubclass(one, tree.Node)
}
