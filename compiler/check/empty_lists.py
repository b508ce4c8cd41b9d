"""Empty lists whose item type shows only later: `items = []` and then `items.append(x)`.

As in mypy, the first `append`, `insert`, `extend` or `+=` settles the type. When it is met, the finding is noted
for the function and the body is checked again from its start with that knowledge; so everything in between was
checked with the true type. A read before that is refused, because nothing says what it reads.
"""

from __future__ import annotations

from compiler.check.conversions import settle
from compiler.check.scope import Scope
from compiler.syntax import tree
from compiler.type_system.kinds import ERROR, ClassType, Type

GROWING = {"append": 0, "insert": 1, "extend": 0}
"""Method → the argument that tells the item type (extend: a list of it)."""


class CheckAgain(Exception):
    """A type became known that the body was already checked without."""


def is_empty_list(node: tree.Expression) -> bool:
    """`[]` or `list()`."""
    match node:
        case tree.ListDisplay(elements=()):
            return True
        case tree.Call(function=tree.Name(identifier="list"), arguments=(), keywords=()):
            return True
    return False


def found_type(scope: Scope, name: str) -> Type | None:
    """The list type that an earlier check of this body found for the variable."""
    return None if scope.instance is None else scope.world.found_lists.get((scope.instance.symbol, name))


def postpone(scope: Scope, target: tree.Expression, value: tree.Expression) -> bool:
    """Note an assignment of an empty list of unknown type to a new local variable; False if this is none."""
    if not isinstance(target, tree.Name) or not is_empty_list(value) or scope.instance is None:
        return False
    name = target.identifier
    is_new = scope.is_local(name) and name not in scope.variables and found_type(scope, name) is None
    if is_new:
        scope.pending_lists[name] = value.span
    return is_new


def settle_by_call(scope: Scope, node: tree.Call, function: tree.Attribute) -> None:
    """`items.append(x)` on a postponed list: raises CheckAgain with the type found."""
    if not isinstance(function.value, tree.Name) or function.value.identifier not in scope.pending_lists:
        return
    position = GROWING.get(function.name)
    if position is None or position >= len(node.arguments):
        return
    argument = settle(scope, scope.check(node.arguments[position]))
    if argument.type == ERROR:
        return
    is_whole = function.name == "extend"
    note(scope, function.value.identifier, argument.type if is_whole else scope.world.list_of(argument.type))


def settle_by_value(scope: Scope, name: str, value: Type) -> None:
    """`items = [1]` or `items += [1]` on a postponed list."""
    if name in scope.pending_lists and value != ERROR:
        note(scope, name, value)


def note(scope: Scope, name: str, kind: Type) -> None:
    assert scope.instance is not None
    if isinstance(kind, ClassType) and scope.world.is_builtin(kind, "list"):
        scope.world.found_lists[(scope.instance.symbol, name)] = kind
        raise CheckAgain


def report_pending(scope: Scope) -> None:
    """Lists that nothing ever said anything about."""
    for name in list(scope.pending_lists):
        unknown_list(scope, name)


def unknown_list(scope: Scope, name: str) -> None:
    """The type of a postponed list is needed, or the body ended without one."""
    span = scope.pending_lists.pop(name)
    scope.error(
        "E0325",
        span,
        "the type of this empty list is not known here",
        label="nothing is put into it before it is read",
        suggestion=f"{name}: list[int] = []",
    )
    scope.declare(name, ERROR, span)
