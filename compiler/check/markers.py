"""Decorators: which ones a function or class carries, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from compiler.check.annotations import AnnotationReader
from compiler.check.declarations import Markers, MethodKind, VocabularySymbol
from compiler.syntax import tree

FLAG_MARKERS = {
    "naked": "naked",
    "microsoft_x64": "microsoft_x64",
    "interrupt": "interrupt",
    "no_raise": "no_raise",
    "no_alloc": "no_alloc",
    "no_block": "no_block",
    "inline": "inline",
    "no_inline": "no_inline",
}
TEXT_MARKERS = {"export": "export", "external": "external", "section": "section"}
METHOD_KINDS = {"staticmethod": MethodKind.STATIC, "classmethod": MethodKind.CLASS, "property": MethodKind.PROPERTY}
IGNORED = frozenset({"override", "final", "overload", "runtime_checkable", "no_type_check", "unique", "total_ordering"})


@dataclass(slots=True)
class FunctionDecoration:
    """What the decorators of a function said."""

    markers: Markers = field(default_factory=Markers)
    kind: MethodKind | None = None
    is_abstract: bool = False


def decorator_name(reader: AnnotationReader, node: tree.Expression) -> str | None:
    """The known name of a decorator, whatever module it was imported from."""
    if isinstance(node, tree.Call):
        node = node.function
    symbol = reader.resolve_dotted(node)
    if isinstance(symbol, VocabularySymbol):
        return symbol.name
    if symbol is None and isinstance(node, tree.Name):
        return node.identifier
    return None


def read_function_decorators(reader: AnnotationReader, definition: tree.FunctionDefinition) -> FunctionDecoration:
    """Collect the decorators of a function; unknown ones are refused."""
    found = FunctionDecoration()
    for node in definition.decorators:
        apply_function_decorator(reader, node, found)
    return found


def apply_function_decorator(reader: AnnotationReader, node: tree.Expression, found: FunctionDecoration) -> None:
    if isinstance(node, tree.Attribute) and node.name == "setter":
        found.kind = MethodKind.SETTER
        return
    name = decorator_name(reader, node)
    if name in FLAG_MARKERS:
        found.markers = with_marker(found.markers, FLAG_MARKERS[name], True)
    elif name in TEXT_MARKERS:
        found.markers = with_marker(found.markers, TEXT_MARKERS[name], text_argument(reader, node))
    elif name in METHOD_KINDS:
        found.kind = METHOD_KINDS[name]
    elif name == "abstractmethod":
        found.is_abstract = True
    elif name not in IGNORED:
        reader.refuse(node.span, "this decorator is not part of the language yet")


def with_marker(markers: Markers, name: str, value: Any) -> Markers:
    return replace(markers, **{name: value})


def text_argument(reader: AnnotationReader, node: tree.Expression) -> str | None:
    match node:
        case tree.Call(arguments=(tree.Constant(value=str() as text),)):
            return text
    reader.refuse(node.span, "this decorator takes one string literal")
    return None


def keyword_options(reader: AnnotationReader, node: tree.Expression) -> dict[str, object]:
    """The constant keyword arguments of a decorator call."""
    options: dict[str, object] = {}
    if isinstance(node, tree.Call):
        for keyword in node.keywords:
            if keyword.name is not None and isinstance(keyword.value, tree.Constant):
                options[keyword.name] = keyword.value.value
            else:
                reader.refuse(keyword.span, "decorator options are literal keyword arguments")
    return options
