"""Fields that only `__init__` introduces and whose type is not plain to see: `self.state = State.IDLE`, `self.rest =
a - b`.

The declaration leaves such a field pending; checking `__init__` gives it the type of the first value assigned
there. Whoever meets a pending field earlier has `__init__` checked first.
"""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.conversions import settle
from compiler.check.scope import Scope
from compiler.diagnostics.span import Span
from compiler.type_system.kinds import ERROR, ClassInfo, ClassType, FieldInfo, NoneType


def settle_field(scope: Scope, field: FieldInfo, owner: ClassInfo) -> None:
    """Make sure the field's type is known; a diagnostic where it cannot be."""
    if not field.is_pending:
        return
    constructor = owner.methods.get("__init__")
    if constructor is not None:
        instance = scope.world.instance(constructor, receiver=ClassType(owner))
        scope.rules.ensure_checked(scope.world, scope.rules, instance)
    if field.is_pending:
        give_up(scope, field)


def settle_by_assignment(scope: Scope, field: FieldInfo, owner: ClassInfo, value: typed.Expression) -> typed.Expression:
    """An assignment to a field: in `__init__` it may be the one that shows the type."""
    if not field.is_pending:
        return value
    if scope.instance is None or scope.instance.info is not owner.methods.get("__init__"):
        settle_field(scope, field, owner)
        return value
    value = settle(scope, value)
    if isinstance(value.type, NoneType):
        give_up(scope, field)
    elif value.type != ERROR:
        field.type = value.type
    field.is_pending = False
    return value


def give_up(scope: Scope, field: FieldInfo) -> None:
    field.is_pending = False
    report_unknown(scope, field.name, field.span)


def report_unknown(scope: Scope, name: str, span: Span) -> None:
    scope.error(
        "E0306",
        span,
        f"the type of the field `{name}` cannot be seen here",
        label="declare it in the class body",
        suggestion=f"{name}: …",
    )
