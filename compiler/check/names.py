"""Names as expressions, and module-level variables whose type is found on first use."""

from __future__ import annotations

from compiler.check import typed_tree as typed
from compiler.check.annotations import AnnotationReader
from compiler.check.constants import constant_of
from compiler.check.conversions import coerce, literal, settle
from compiler.check.declarations import (
    ConstantSymbol,
    FunctionInfo,
    GlobalSymbol,
    ModuleSymbol,
    Symbol,
    TypeAliasSymbol,
    VocabularySymbol,
)
from compiler.check.empty_lists import unknown_list
from compiler.check.narrowing import narrowed_read
from compiler.check.scope import CheckError, Scope, error_expression
from compiler.check.world import GlobalDeclaration
from compiler.diagnostics.diagnostic import Note
from compiler.diagnostics.span import Span
from compiler.diagnostics.suggest import closest
from compiler.resolve.builtin_names import BUILTIN_NAMES
from compiler.syntax import tree
from compiler.type_system.kinds import (
    BOOL,
    ERROR,
    FLOAT,
    INT,
    NONE,
    ClassInfo,
    EnumInfo,
    FunctionType,
    StructInfo,
    Type,
)


def check_constant(scope: Scope, node: tree.Constant, expected: Type | None) -> typed.Expression:
    """A literal."""
    match node.value:
        case bool() as value:
            return literal(BOOL, node.span, value)
        case int() as value:
            return literal(INT, node.span, value)
        case float() as value:
            if scope.world.is_kernel:
                raise scope.fail("E0312", node.span, "floating point is not available in the kernel")
            return literal(FLOAT, node.span, value)
        case str() as value:
            return literal(scope.world.string, node.span, value)
        case bytes() as value:
            return literal(scope.world.octets, node.span, value)
        case None:
            return literal(NONE, node.span, None)
    raise scope.fail("E0301", node.span, "this literal is not part of the language", label="not supported")


def check_name(scope: Scope, node: tree.Name, expected: Type | None) -> typed.Expression:
    """A variable, constant or function read by its name."""
    name = node.identifier
    if scope.is_local(name) or name in scope.variables:
        return read_local(scope, node)
    symbol = scope.module.symbols.get(name)
    if symbol is None:
        return unknown_name(scope, node)
    return read_symbol(scope, symbol, node)


def read_local(scope: Scope, node: tree.Name) -> typed.Expression:
    if node.identifier in scope.pending_lists:
        unknown_list(scope, node.identifier)
    variable = scope.variables.get(node.identifier)
    if variable is None:
        raise scope.fail("E0316", node.span, f"`{node.identifier}` is read before anything was assigned to it")
    read = typed.LocalRead(variable.type, node.span, variable)
    return narrowed_read(scope, read, (variable,))


def unknown_name(scope: Scope, node: tree.Name) -> typed.Expression:
    name = node.identifier
    if name == "__name__":
        text = "__main__" if scope.module.name == scope.world.typed.main_module else scope.module.name
        return literal(scope.world.string, node.span, text)
    if name == "__file__":
        return literal(scope.world.string, node.span, scope.module.file)
    if name in BUILTIN_FUNCTIONS:
        raise scope.fail("E0317", node.span, f"the builtin `{name}` is only called, not used as a value yet")
    raise undefined(scope, name, node.span, [*scope.variables, *scope.module.symbols])


WALKED_ONLY = frozenset({"range", "reversed", "enumerate", "zip"})
"""Builtins that make an iterator: there is none yet outside of what walks it at once."""


def undefined(scope: Scope, name: str, span: Span, candidates: list[str]) -> CheckError:
    """A name without a meaning here: a builtin that is not there yet, or nothing at all."""
    if name in WALKED_ONLY:
        message = f"`{name}` can only be walked at once yet: by `for`, a comprehension, list() and their like"
        return scope.fail("E0301", span, message, label="not supported", suggestion=f"list({name}(…))")
    if name == "super":
        return scope.fail("E0301", span, "`super()` can only call a method yet", label="not supported")
    if name in BUILTIN_NAMES:
        return scope.fail("E0301", span, f"`{name}` is not part of the language yet", label="not supported")
    return scope.fail("E0201", span, f"the name `{name}` is not defined", suggestion=closest(name, candidates))


BUILTIN_FUNCTIONS = frozenset(
    {
        "abs",
        "all",
        "any",
        "bin",
        "bool",
        "bytes",
        "chr",
        "divmod",
        "enumerate",
        "filter",
        "float",
        "format",
        "hash",
        "hex",
        "id",
        "input",
        "int",
        "isinstance",
        "iter",
        "len",
        "list",
        "map",
        "max",
        "min",
        "next",
        "oct",
        "open",
        "ord",
        "pow",
        "print",
        "range",
        "repr",
        "reversed",
        "round",
        "sorted",
        "str",
        "sum",
        "tuple",
        "type",
        "zip",
    }
)


def read_symbol(scope: Scope, symbol: Symbol | GlobalDeclaration, node: tree.Expression) -> typed.Expression:
    """What a module-level symbol is as a value."""
    span = node.span
    if isinstance(symbol, GlobalDeclaration):
        symbol = settle_global(scope, symbol, span)
    match symbol:
        case ConstantSymbol(value=value):
            return relocated(value, span)
        case GlobalSymbol(variable=variable):
            return read_global(scope, variable, span)
        case FunctionInfo():
            return function_value(scope, symbol, span)
        case ModuleSymbol(name=name):
            raise scope.fail("E0318", span, f"the module `{name}` is not a value")
        case ClassInfo() | StructInfo() | EnumInfo():
            raise scope.fail(
                "E0318", span, f"the class `{symbol.name}` is not a value here", label="call it to make an instance"
            )
        case VocabularySymbol(name=name):
            return vocabulary_value(scope, symbol, span)
        case TypeAliasSymbol(name=name):
            raise scope.fail("E0318", span, f"`{name}` is a type, not a value")
    raise scope.fail("E0318", span, "this name is not a value")


def vocabulary_value(scope: Scope, symbol: VocabularySymbol, span: Span) -> typed.Expression:
    if symbol.name == "TYPE_CHECKING":
        return literal(BOOL, span, False)
    raise scope.fail("E0318", span, f"`{symbol.name}` is not a value by itself", label="call it")


def relocated(value: typed.Expression, span: Span) -> typed.Expression:
    """A constant as if it stood where it is read."""
    match value:
        case typed.Literal(type=kind, value=constant):
            return typed.Literal(kind, span, constant)
        case typed.EnumMember(type=kind, position=position):
            return typed.EnumMember(kind, span, position)
        case typed.MakeTuple(type=kind, items=items):
            return typed.MakeTuple(kind, span, items)
    return value


def read_global(scope: Scope, variable: typed.GlobalVariable, span: Span) -> typed.Expression:
    scope.world.used_globals.setdefault(variable.symbol, variable)
    read = typed.GlobalRead(variable.type, span, variable, may_be_unset=variable.initial is None)
    return narrowed_read(scope, read, (variable,))


def function_value(scope: Scope, info: FunctionInfo, span: Span) -> typed.Expression:
    if info.type_parameters:
        raise scope.fail(
            "E0319", span, f"the generic function `{info.name}` cannot be a value: its types are not known"
        )
    instance = scope.world.instance(info)
    kind = FunctionType(tuple(p.type for p in instance.parameters), instance.result)
    return typed.FunctionValue(kind, span, instance)


# --- module-level variables -----------------------------------------------------------------------------------------


def settle_global(scope: Scope, declaration: GlobalDeclaration, span: Span) -> Symbol:
    """Find out what a module-level assignment declares: a constant without storage, or a variable."""
    if declaration.settled is not None:
        return declaration.settled
    if declaration.in_progress:
        raise scope.fail(
            "E0320",
            span,
            f"the type of `{declaration.name}` depends on itself",
            notes=(Note("assigned here", declaration.span),),
            suggestion=f"annotate it: {declaration.name}: …",
        )
    declaration.in_progress = True
    try:
        declaration.settled = settled_symbol(scope, declaration)
    finally:
        declaration.in_progress = False
    return declaration.settled


def settled_symbol(scope: Scope, declaration: GlobalDeclaration) -> Symbol:
    home = Scope(scope.world, declaration.module, scope.rules)
    annotation = (
        AnnotationReader(scope.world, declaration.module).read(declaration.annotation)
        if declaration.annotation
        else None
    )
    value = checked_value(home, declaration, annotation)
    if value is None:
        kind = annotation if annotation is not None else ERROR
        return GlobalSymbol(typed.GlobalVariable(declaration.name, declaration.module.name, kind, declaration.span))
    is_single = declaration.assignments <= 1
    is_class_variable = "." in declaration.name
    # The state of runtime modules is in the image from the start: the allocator works before any module body runs.
    is_image_state = scope.world.is_kernel or is_class_variable or not declaration.module.is_user
    constant = constant_of(home, value) if is_single or is_image_state else None
    if constant is not None and is_single and has_no_identity(constant):
        return ConstantSymbol(declaration.name, constant.type, constant, declaration.span)
    variable = typed.GlobalVariable(
        declaration.name, declaration.module.name, settled_type(value, annotation), declaration.span
    )
    variable.initial, variable.is_constant = constant, is_single
    if (scope.world.is_kernel or is_class_variable) and constant is None and value.type != ERROR:
        scope.error(
            "E0502",
            declaration.span,
            f"the initial value of `{declaration.name}` cannot be computed at compile time",
            label="class bodies run no code yet" if is_class_variable else "kernel modules run no code at import",
        )
    return GlobalSymbol(variable)


def settled_type(value: typed.Expression, annotation: Type | None) -> Type:
    return annotation if annotation is not None else value.type


def checked_value(home: Scope, declaration: GlobalDeclaration, annotation: Type | None) -> typed.Expression | None:
    if declaration.value is None:
        return None
    try:
        value = home.check(declaration.value, annotation)
        if annotation is not None:
            return coerce(home, value, annotation)
        return value if is_wide_constant(value) else settle(home, value)
    except CheckError:
        return error_expression(declaration.span)


def is_wide_constant(value: typed.Expression) -> bool:
    """An integer constant beyond `int` keeps its value for the unsigned width it will meet."""
    return (
        isinstance(value, typed.Literal)
        and value.type == INT
        and isinstance(value.value, int)
        and value.value > INT.high
    )


def has_no_identity(value: typed.Expression) -> bool:
    """Whether the constant may be repeated wherever it is read."""
    match value:
        case typed.Literal() | typed.EnumMember() | typed.FunctionValue():
            return True
        case typed.MakeTuple(items=items):
            return all(map(has_no_identity, items))
        case typed.Convert(operand=operand):
            return has_no_identity(operand)
    return False
