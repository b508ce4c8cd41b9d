"""Makes list displays: an empty list with room, then appends; for everything that needs a list of known items."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.conversions import literal
from compiler.check.scope import Scope
from compiler.diagnostics.span import Span
from compiler.type_system.kinds import INT, Type


def make_list(scope: Scope, item: Type, items: list[typed.Expression], span: Span) -> typed.MakeList:
    """A list of typed items: an empty list with room, then appends."""
    kind = scope.world.list_of(item)
    scope.world.note_constructed(kind)
    methods = kind.info.methods
    construct = typed.Construct(
        kind, span, scope.world.instance(methods["__init__"], receiver=kind), [literal(INT, span, len(items))], []
    )
    return typed.MakeList(kind, span, items, construct, scope.world.instance(methods["append"], receiver=kind))
