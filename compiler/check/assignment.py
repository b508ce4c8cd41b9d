"""Assignments: to names, fields, items, tuples of targets; augmented assignments."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.annotations import AnnotationReader, is_marker
from compiler.check.attributes import static_target
from compiler.check.conversions import coerce, is_error, settle, to_int
from compiler.check.declarations import GlobalSymbol, MethodKind
from compiler.check.empty_lists import found_type, postpone, settle_by_value
from compiler.check.field_types import settle_by_assignment
from compiler.check.methods import call_method, call_runtime, find_method, has_method, method_call
from compiler.check.names import settle_global
from compiler.check.narrowing import path_of
from compiler.check.operators import METHOD_NAMES, binary
from compiler.check.scope import Scope
from compiler.check.subscripts import check_index, takes_int
from compiler.check.world import GlobalDeclaration
from compiler.diagnostics.diagnostic import Note
from compiler.diagnostics.span import Span
from compiler.syntax import tree
from compiler.type_system.kinds import (
    ERROR,
    NEVER,
    NONE,
    ArrayType,
    ClassInfo,
    ClassType,
    IntegerType,
    NoneType,
    OptionalType,
    PointerType,
    StructType,
    TableType,
    TupleType,
    Type,
    substitute,
)
from compiler.type_system.object_layout import argument_mapping, find_field


def check_assign(scope: Scope, node: tree.Assign) -> None:
    """`a = b = value`: the value once, then the targets left to right."""
    if len(node.targets) == 1 and postpone(scope, node.targets[0], node.value):
        return
    expected = target_type(scope, node.targets[0])
    value = scope.check(node.value, expected)
    if len(node.targets) == 1:
        assign(scope, node.targets[0], value)
        return
    kept = hold(scope, settle(scope, value))
    for target in node.targets:
        assign(scope, target, kept)


def hold(scope: Scope, value: typed.Expression) -> typed.Expression:
    if isinstance(value, typed.Literal):
        return value
    variable = scope.hidden("value", value.type, value.span)
    scope.emit(typed.AssignLocal(value.span, variable, value))
    return typed.LocalRead(value.type, value.span, variable)


def target_type(scope: Scope, target: tree.Expression) -> Type | None:
    """The declared type of a target, if it has one already."""
    match target:
        case tree.Name(identifier=name):
            variable = scope.variables.get(name)
            if variable is not None:
                return variable.type
            if scope.is_local(name):
                return found_type(scope, name)
            if not scope.is_local(name):
                symbol = scope.module.symbols.get(name)
                if isinstance(symbol, GlobalDeclaration):
                    settled = settle_global(scope, symbol, target.span)
                    return settled.variable.type if isinstance(settled, GlobalSymbol) else None
        case tree.Attribute() | tree.Subscript():
            with scope.collecting():
                return part_target_type(scope, target)
    return None


def part_target_type(scope: Scope, target: tree.Attribute | tree.Subscript) -> Type | None:
    """The type of a field or item; what checking it emits is thrown away, for the assignment checks it again."""
    if isinstance(target, tree.Attribute):
        return attribute_target_type(scope, target)
    container = scope.check(target.value)
    match container.type:
        case ArrayType(item) | PointerType(item):
            return item
    info = find_method(scope, container.type, "__setitem__")
    if info is None or len(info.parameters) != 3:
        return None
    return scope.world.instance(info, receiver=container.type).parameters[2].type


def attribute_target_type(scope: Scope, target: tree.Attribute) -> Type | None:
    if static_target(scope, target.value) is not None:
        return None
    owner = scope.check(target.value)
    if isinstance(owner.type, ClassType):
        found = find_field(owner.type.info, target.name)
        if found is not None and not found[0].is_pending:
            place = scope.world.as_ancestor(owner.type, found[1])
            return substitute(found[0].type, argument_mapping(place))
    if isinstance(owner.type, StructType) and target.name in owner.type.info.fields:
        return owner.type.info.fields[target.name].type
    return None


def assign(scope: Scope, target: tree.Expression, value: typed.Expression) -> None:
    """Store a value in any target."""
    match target:
        case tree.Name():
            assign_name(scope, target, value)
        case tree.Attribute():
            assign_attribute(scope, target, value)
        case tree.Subscript():
            assign_item(scope, target, value)
        case tree.TupleDisplay(elements=elements) | tree.ListDisplay(elements=elements):
            unpack(scope, elements, value, target.span)
        case tree.Starred():
            raise scope.fail(
                "E0301", target.span, "a starred target is not part of the language yet", label="not supported"
            )
        case _:
            raise scope.fail("E0301", target.span, "this cannot be assigned to")


# --- names ----------------------------------------------------------------------------------------------------------


def assign_name(scope: Scope, target: tree.Name, value: typed.Expression) -> typed.Variable | None:
    """Store in a local or module-level variable; gives the local."""
    name, span = target.identifier, target.span
    if not scope.is_local(name):
        assign_global(scope, target, value)
        return None
    settle_by_value(scope, name, value.type)
    variable = scope.variables.get(name)
    if variable is None:
        variable = scope.declare(name, first_type(scope, value, span), span)
    fitted = coerce(scope, value, variable.type, value.span)
    if variable.is_parameter:
        variable.is_reassigned = True
    scope.emit(typed.AssignLocal(span, variable, fitted))
    note_assigned(scope, variable, value.type)
    return variable


def first_type(scope: Scope, value: typed.Expression, span: Span) -> Type:
    """The type an unannotated variable gets from its first value."""
    settled = settle(scope, value)
    if isinstance(settled.type, NoneType):
        raise scope.fail(
            "E0339",
            span,
            "a variable that starts as None needs its type",
            label="annotate it",
            suggestion="name: T | None = None",
        )
    return ERROR if settled.type == NEVER else settled.type


def note_assigned(scope: Scope, variable: typed.Variable, kind: Type) -> None:
    """What the assignment says about the variable from here on."""
    scope.forget(variable)
    narrow_to(scope, (variable,), variable.type, kind)


def narrow_to(scope: Scope, path: tuple[object, ...], declared: Type, kind: Type) -> None:
    if not isinstance(declared, OptionalType):
        return
    if isinstance(kind, NoneType):
        scope.narrowed[path] = NONE
    elif kind != declared and not isinstance(kind, OptionalType) and kind != ERROR:
        scope.narrowed[path] = declared.item


def assign_global(scope: Scope, target: tree.Name, value: typed.Expression) -> None:
    symbol = scope.module.symbols.get(target.identifier)
    if not isinstance(symbol, GlobalDeclaration):
        raise scope.fail("E0340", target.span, f"`{target.identifier}` is not a variable")
    settled = settle_global(scope, symbol, target.span)
    if not isinstance(settled, GlobalSymbol):
        if scope.instance is None:
            return  # a constant: it has no storage to fill
        raise scope.fail(
            "E0341", target.span, f"`{target.identifier}` is a constant", notes=(Note("declared here", symbol.span),)
        )
    variable = settled.variable
    if variable.type == ERROR and symbol.value is None and symbol.annotation is None:
        variable.type = first_type(scope, value, target.span)
    if symbol.is_final and scope.instance is not None:
        raise scope.fail(
            "E0341", target.span, f"`{target.identifier}` is Final", notes=(Note("declared here", symbol.span),)
        )
    scope.world.used_globals.setdefault(variable.symbol, variable)
    if scope.instance is None and variable.initial is not None and (variable.is_constant or not scope.module.is_user):
        return  # its value is in the image already
    scope.emit(typed.AssignGlobal(target.span, variable, coerce(scope, value, variable.type, value.span)))
    path = (variable,)
    scope.forget_path(path)
    narrow_to(scope, path, variable.type, value.type)


def check_annotated_assign(scope: Scope, node: tree.AnnotatedAssign) -> None:
    """`name: T = value`."""
    if not isinstance(node.target, tree.Name):
        if node.value is not None:
            kind = target_type(scope, node.target)
            assign(scope, node.target, scope.check(node.value, kind))
        return
    name = node.target.identifier
    if not scope.is_local(name):
        if node.value is not None:
            assign(scope, node.target, scope.check(node.value, target_type(scope, node.target)))
        return
    reader = AnnotationReader(scope.world, scope.module, tuple(scope.type_variables))

    if (
        is_marker(reader, node.annotation, "Final")
        and not isinstance(node.annotation, tree.Subscript)
        and node.value is not None
    ):
        assign_name(scope, node.target, scope.check(node.value))
        return
    kind = substitute(reader.read(node.annotation), scope.type_variables)
    known = scope.variables.get(name)
    if known is not None and known.type != kind:
        raise scope.fail(
            "E0342",
            node.target.span,
            f"`{name}` already has type {known.type}",
            notes=(Note("declared here", known.span),),
        )
    value = scope.check(node.value, kind) if node.value is not None else None
    variable = scope.declare(name, kind, node.target.span)
    if value is not None:
        fitted = coerce(scope, value, kind, value.span)
        scope.emit(typed.AssignLocal(node.target.span, variable, fitted))
        note_assigned(scope, variable, value.type)


# --- fields ---------------------------------------------------------------------------------------------------------


def assign_attribute(scope: Scope, target: tree.Attribute, value: typed.Expression) -> None:
    static = static_target(scope, target.value)
    if isinstance(static, ClassInfo):
        assign_class_variable(scope, target, static, value)
        return
    if static is not None:
        raise scope.fail(
            "E0301",
            target.span,
            "assigning to a name of another module is not part of the language",
            label="not supported",
        )
    owner = scope.check(target.value)
    if is_error(owner):
        return
    match owner.type:
        case ClassType():
            assign_field(scope, target, owner, value)
        case StructType(info):
            field = info.fields.get(target.name)
            if field is None:
                raise scope.fail("E0310", target.name_span, f"the struct {info.name} has no member `{target.name}`")
            kind: Type = ArrayType(field.type) if field.length is not None else field.type
            scope.emit(typed.AssignStructField(target.span, owner, field, coerce(scope, value, kind)))
        case OptionalType():
            raise scope.fail("E0308", target.value.span, "this may be None", suggestion="test it with `is None` first")
        case _:
            raise scope.fail("E0310", target.name_span, f"{owner.type} has no attribute `{target.name}` to assign")


def assign_field(scope: Scope, target: tree.Attribute, owner: typed.Expression, value: typed.Expression) -> None:
    assert isinstance(owner.type, ClassType)
    found = find_field(owner.type.info, target.name)
    if found is None:
        assign_property(scope, target, owner, value)
        return
    field, declaring = found
    value = settle_by_assignment(scope, field, declaring, value)
    refuse_frozen(scope, target, owner.type)
    place = scope.world.as_ancestor(owner.type, declaring)
    kind = substitute(field.type, argument_mapping(place))
    scope.emit(typed.AssignField(target.span, owner, field, place, coerce(scope, value, kind, value.span)))
    path = path_of(scope, target)
    if path is not None:
        scope.forget_path(path)
        narrow_to(scope, path, kind, value.type)


def refuse_frozen(scope: Scope, target: tree.Attribute, kind: ClassType) -> None:
    options = kind.info.dataclass_options or {}
    if options.get("frozen") and (
        scope.instance is None or scope.instance.info.name not in ("__init__", "__post_init__")
    ):
        raise scope.fail("E0343", target.span, f"`{kind.info.name}` is frozen: its fields cannot be assigned")


def assign_property(scope: Scope, target: tree.Attribute, owner: typed.Expression, value: typed.Expression) -> None:
    setter = find_method(scope, owner.type, f"{target.name}.setter")
    if setter is not None:
        instance = scope.world.instance(setter, receiver=owner.type)
        fitted = coerce(scope, value, instance.parameters[1].type)
        scope.emit(typed.Evaluate(target.span, method_call(scope, setter, instance, owner, [fitted], target.span)))
        return
    getter = find_method(scope, owner.type, target.name)
    if getter is not None and getter.kind is MethodKind.PROPERTY:
        raise scope.fail("E0344", target.name_span, f"the property `{target.name}` has no setter")
    raise scope.fail(
        "E0310",
        target.name_span,
        f"{owner.type} has no field `{target.name}`",
        suggestion="declare it in the class body",
    )


def assign_class_variable(scope: Scope, target: tree.Attribute, info: ClassInfo, value: typed.Expression) -> None:
    for ancestor in info.ancestors():
        declaration = ancestor.class_variables.get(target.name)
        if isinstance(declaration, GlobalDeclaration):
            declaration.assignments += 1
            settled = settle_global(scope, declaration, target.span)
            if isinstance(settled, GlobalSymbol):
                variable = settled.variable
                scope.world.used_globals.setdefault(variable.symbol, variable)
                scope.emit(typed.AssignGlobal(target.span, variable, coerce(scope, value, variable.type)))
                return
    raise scope.fail("E0341", target.span, f"`{info.name}.{target.name}` is not a variable")


# --- items ----------------------------------------------------------------------------------------------------------


def assign_item(scope: Scope, target: tree.Subscript, value: typed.Expression) -> None:
    container = scope.check(target.value)
    if is_error(container):
        return
    if isinstance(target.index, tree.Slice):
        raise scope.fail(
            "E0301", target.span, "assigning to a slice is not part of the language yet", label="not supported"
        )
    match container.type:
        case ArrayType(item):
            fitted = coerce(scope, value, item, value.span)
            scope.emit(typed.AssignArray(target.span, container, check_index(scope, target.index), fitted))
            return
        case PointerType(item, is_user):
            if is_user:
                raise scope.fail("E0322", target.span, "user memory is only copied, never followed")
            fitted = coerce(scope, value, item, value.span)
            scope.emit(typed.AssignPointer(target.span, container, check_index(scope, target.index), fitted))
            return
        case TupleType() | TableType():
            raise scope.fail("E0345", target.span, "a tuple cannot be changed")
    if not has_method(scope, container.type, "__setitem__"):
        raise scope.fail("E0314", target.span, f"items of a {container.type} cannot be assigned")
    info = find_method(scope, container.type, "__setitem__")
    assert info is not None
    wanted = scope.world.instance(info, receiver=container.type).parameters[2].type
    kept = hold(scope, coerce(scope, value, wanted, value.span))
    index = scope.check(target.index)
    if isinstance(index.type, IntegerType) and takes_int(scope, container):
        index = to_int(settle(scope, index))
    scope.emit(typed.Evaluate(target.span, call_method(scope, container, "__setitem__", [index, kept], target.span)))


def unpack(scope: Scope, targets: tuple[tree.Expression, ...], value: typed.Expression, span: Span) -> None:
    """`a, b = pair`: a tuple whose length is known."""
    if not isinstance(value.type, TupleType):
        if is_error(value):
            return
        raise scope.fail(
            "E0346", span, f"only a tuple can be unpacked yet, this is {value.type}", label="not supported"
        )
    items = value.type.items
    if len(items) != len(targets):
        few = "too many" if len(items) > len(targets) else "not enough"
        raise scope.fail("E0347", span, f"{few} values to unpack: {len(targets)} target(s), {len(items)} value(s)")
    if isinstance(value, typed.MakeTuple):
        kept = [hold(scope, item) for item in value.items]
    else:
        whole = hold(scope, value)
        kept = [typed.TupleItem(kind, span, whole, index) for index, kind in enumerate(items)]
    for target, item in zip(targets, kept, strict=True):
        assign(scope, target, item)


# --- augmented ------------------------------------------------------------------------------------------------------


def check_augmented_assign(scope: Scope, node: tree.AugmentedAssign) -> None:
    """`target operator= value`: the target's parts are evaluated once."""
    if isinstance(node.target, tree.Name) and node.target.identifier in scope.pending_lists:
        settle_by_value(scope, node.target.identifier, scope.check(node.value).type)
    target = stable_target(scope, node.target)
    current = scope.check(target)
    if is_error(current):
        return
    in_place = f"__i{METHOD_NAMES[node.operator]}__"
    if has_method(scope, current.type, in_place):
        value = scope.check(node.value, current.type)
        assign(scope, target, call_method(scope, current, in_place, [value], node.span))
        return
    hint = current.type if isinstance(current.type, IntegerType | ClassType) else None
    value = scope.check(node.value, hint)
    if (
        scope.world.is_builtin(current.type, "str")
        and node.operator is tree.BinaryOperator.ADD
        and isinstance(target, tree.Name)
    ):
        append_text(scope, target, current, value)
        return
    assign(scope, target, binary(scope, node.operator, current, value, node.span))


def append_text(scope: Scope, target: tree.Name, current: typed.Expression, value: typed.Expression) -> None:
    """`s += t` may grow the string where it is the only reference (runtime.core.strings.append_in_place)."""
    if scope.is_local(target.identifier):
        assign(scope, target, call_runtime(scope, "strings", "append_in_place", [current, value], target.span))
    else:
        assign(scope, target, binary(scope, tree.BinaryOperator.ADD, current, value, target.span))


def stable_target(scope: Scope, target: tree.Expression) -> tree.Expression:
    """The target with its inner expressions held in hidden variables, so reading and writing it evaluates them once."""
    match target:
        case tree.Attribute(value=value, name=name) if not is_simple(scope, value):
            return tree.Attribute(target.span, held_node(scope, value), name)
        case tree.Subscript(value=value, index=index):
            container = value if is_simple(scope, value) else held_node(scope, value)
            position = index if isinstance(index, tree.Constant | tree.Slice) else held_node(scope, index)
            return tree.Subscript(target.span, container, position)
    return target


def is_simple(scope: Scope, node: tree.Expression) -> bool:
    """Reading it twice is the same as reading it once."""
    match node:
        case tree.Name():
            return True
        case tree.Attribute(value=value):
            return is_simple(scope, value)
    return static_target(scope, node) is not None


def held_node(scope: Scope, node: tree.Expression) -> tree.Name:
    """A name that stands for the value of the node from here on."""
    value = settle(scope, scope.check(node))
    variable = scope.hidden("held", value.type, node.span)
    scope.emit(typed.AssignLocal(node.span, variable, value))
    scope.variables[variable.name] = variable
    return tree.Name(node.span, variable.name)
