"""The builtin functions: one rule each, found by name."""

from __future__ import annotations

from collections.abc import Callable

from compiler.check import typed_tree as typed
from compiler.check.arguments import held
from compiler.check.attributes import static_target
from compiler.check.builtin_containers import CONTAINER_RULES
from compiler.check.builtin_numbers import NUMBER_RULES
from compiler.check.conversions import coerce, literal, settle, to_int
from compiler.check.methods import call_method, call_runtime, has_method
from compiler.check.scope import Scope
from compiler.check.text import formatted, plain_format, repr_of, text_of
from compiler.check.truth import truth
from compiler.check.typed_tree import ConversionKind
from compiler.syntax import tree
from compiler.type_system.kinds import (
    BOOL,
    INT,
    NONE,
    ArrayType,
    ClassInfo,
    ClassType,
    OptionalType,
    TableType,
    TupleType,
    Type,
)

BuiltinRule = Callable[[Scope, tree.Call, Type | None], typed.Expression]


def arguments_of(scope: Scope, node: tree.Call, low: int, high: int, name: str) -> list[typed.Expression]:
    """The positional arguments, counted and checked."""
    if node.keywords or not low <= len(node.arguments) <= high:
        wanted = str(low) if low == high else f"{low} to {high}"
        raise scope.fail("E0311", node.span, f"`{name}` takes {wanted} positional argument(s) here")
    return [scope.check(argument) for argument in node.arguments]


def check_print(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    """print(*values, sep, end, file, flush)."""
    if not scope.world.has_print:
        raise scope.fail(
            "E0333", node.span, "`print` is not available in the kernel", suggestion="use kernel.debug.log"
        )
    options = print_options(scope, node)
    separator, end = options.get("sep", " "), options.get("end", "\n")
    values = [settle(scope, scope.check(argument)) for argument in node.arguments]

    values = [held(scope, value) for value in values] if len(values) > 1 else values
    string = scope.world.string
    statements: list[typed.Statement] = []
    for position, value in enumerate(values):
        if position:
            write(scope, statements, as_part(scope, separator, node), node)
        write(scope, statements, text_of(scope, value, node.span), node)
    write(scope, statements, as_part(scope, end, node), node)
    if "flush" in options:
        flush = call_runtime(scope, "output", "flush_output", [], node.span)
        statements.append(typed.If(node.span, truth(scope, options["flush"]), [typed.Evaluate(node.span, flush)], []))  # type: ignore[arg-type]
    assert string is not None
    return typed.Sequence(NONE, node.span, fuse_writes(scope, statements), literal(NONE, node.span, None))


def print_options(scope: Scope, node: tree.Call) -> dict[str, object]:
    options: dict[str, object] = {}
    for keyword in node.keywords:
        if keyword.name in ("sep", "end"):
            value = scope.check(keyword.value, scope.world.string)
            if value.type != NONE:
                options[keyword.name] = coerce(scope, value, scope.world.string)
        elif keyword.name == "flush":
            options["flush"] = scope.check(keyword.value)
        else:
            raise scope.fail(
                "E0301",
                keyword.span,
                f"`{keyword.name}=` of print is not part of the language yet",
                label="not supported",
            )
    return options


def as_part(scope: Scope, part: object, node: tree.Call) -> typed.Expression:
    if isinstance(part, str):
        return literal(scope.world.string, node.span, part)
    assert isinstance(part, typed.Typed)
    return part  # type: ignore[return-value]


def write(scope: Scope, statements: list[typed.Statement], text: typed.Expression, node: tree.Call) -> None:
    if isinstance(text, typed.Literal) and text.value == "":
        return
    statements.append(typed.Evaluate(node.span, call_runtime(scope, "output", "write_text", [text], node.span)))


def fuse_writes(scope: Scope, statements: list[typed.Statement]) -> list[typed.Statement]:
    """Neighbouring constant texts are written at once."""
    fused: list[typed.Statement] = []
    for statement in statements:
        written = constant_write(statement)
        before = constant_write(fused[-1]) if fused else None
        if written is not None and before is not None:
            call, text = before
            joined = literal(scope.world.string, statement.span, text + written[1])
            both = typed.CallFunction(call.type, call.span, call.function, [joined])
            fused[-1] = typed.Evaluate(statement.span, both)
        else:
            fused.append(statement)
    return fused


def constant_write(statement: typed.Statement) -> tuple[typed.CallFunction, str] | None:
    """A write of a literal: the call and the text."""
    match statement:
        case typed.Evaluate(expression=typed.CallFunction(arguments=[typed.Literal(value=str() as text)]) as call):
            return call, text
    return None


def check_len(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    (value,) = arguments_of(scope, node, 1, 1, "len")
    match value.type:
        case ArrayType() | TableType():
            return typed.ArrayLength(INT, node.span, value)
        case TupleType(items):
            return typed.Sequence(
                INT, node.span, [typed.Evaluate(node.span, value)], literal(INT, node.span, len(items))
            )
    if isinstance(value, typed.Literal) and isinstance(value.value, str | bytes):
        return literal(INT, node.span, len(value.value))
    if has_method(scope, value.type, "__len__"):
        return call_method(scope, value, "__len__", [], node.span)
    raise scope.fail("E0314", node.span, f"a {value.type} has no length")


def check_str(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    values = arguments_of(scope, node, 0, 1, "str")
    if not values:
        return literal(scope.world.string, node.span, "")
    return text_of(scope, settle(scope, values[0]), node.span)


def check_repr(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    (value,) = arguments_of(scope, node, 1, 1, "repr")
    return repr_of(scope, settle(scope, value), node.span)


def check_format(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    values = arguments_of(scope, node, 1, 2, "format")
    value = settle(scope, values[0])
    return plain_format(scope, value, node.span) if len(values) == 1 else formatted(scope, value, values[1], node.span)


def check_bool(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    values = arguments_of(scope, node, 0, 1, "bool")
    return truth(scope, values[0]) if values else literal(BOOL, node.span, False)


def check_isinstance(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    """isinstance(value, Class or tuple of classes)."""
    if len(node.arguments) != 2 or node.keywords:
        raise scope.fail("E0311", node.span, "`isinstance` takes a value and a class")
    value = scope.check(node.arguments[0])
    second = node.arguments[1]
    targets = second.elements if isinstance(second, tree.TupleDisplay) else (second,)

    kept = held(scope, value)
    test: typed.Expression = literal(BOOL, node.span, False)
    for target in reversed(targets):
        test = typed.ShortCircuit(BOOL, node.span, False, instance_test(scope, kept, target), test)
    return test


def instance_test(scope: Scope, value: typed.Expression, target: tree.Expression) -> typed.Expression:
    info = static_target(scope, target)
    span = target.span
    if not isinstance(info, ClassInfo):
        raise scope.fail("E0334", span, "`isinstance` with this is not part of the language yet: a class is expected")
    if isinstance(value.type, OptionalType):
        inner = typed.Convert(value.type.item, span, ConversionKind.UNWRAP_OPTIONAL, value)
        present = typed.Not(BOOL, span, typed.IsNone(BOOL, span, value))
        return typed.ShortCircuit(BOOL, span, True, present, instance_test(scope, inner, target))
    if not isinstance(value.type, ClassType):
        return literal(BOOL, span, False)
    if value.type.info.is_subclass_of(info):
        return literal(BOOL, span, True)
    if not info.is_subclass_of(value.type.info):
        return literal(BOOL, span, False)
    kind = ClassType(info, value.type.arguments if info.type_parameters else ())
    return typed.IsInstance(BOOL, span, value, kind)


def check_hash(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    (value,) = arguments_of(scope, node, 1, 1, "hash")
    if has_method(scope, value.type, "__hash__"):
        return call_method(scope, value, "__hash__", [], node.span)
    raise scope.fail(
        "E0301", node.span, f"`hash` of {value.type} is not part of the language yet", label="not supported"
    )


def check_input(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    values = arguments_of(scope, node, 0, 1, "input")
    prompt = text_of(scope, values[0], node.span) if values else literal(scope.world.string, node.span, "")
    return call_runtime(scope, "builtins", "input_line", [prompt], node.span)


def check_ord(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    (value,) = arguments_of(scope, node, 1, 1, "ord")
    if isinstance(value, typed.Literal) and isinstance(value.value, str) and len(value.value) == 1:
        return literal(INT, node.span, ord(value.value))
    return call_runtime(scope, "strings", "code_of_character", [value], node.span)


def check_chr(scope: Scope, node: tree.Call, expected: Type | None) -> typed.Expression:
    (value,) = arguments_of(scope, node, 1, 1, "chr")
    return call_runtime(scope, "strings", "character_from_code", [to_int(settle(scope, value))], node.span)


BUILTIN_RULES: dict[str, BuiltinRule] = {
    "print": check_print,
    "len": check_len,
    "str": check_str,
    "repr": check_repr,
    "format": check_format,
    "bool": check_bool,
    "isinstance": check_isinstance,
    "hash": check_hash,
    "input": check_input,
    "ord": check_ord,
    "chr": check_chr,
    **NUMBER_RULES,
    **CONTAINER_RULES,
}
