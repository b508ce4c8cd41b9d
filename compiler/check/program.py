"""Checks a whole program: declares every module, checks module bodies and everything they reach, and hands over the
typed tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from compiler.check import typed_tree as typed
from compiler.check.annotations import SIMPLE_BUILTINS, SIMPLE_VOCABULARY
from compiler.check.bodies import ensure_checked
from compiler.check.declarations import FunctionInfo, TypeAliasSymbol, VocabularySymbol
from compiler.check.declare import declare_program
from compiler.check.names import settle_global
from compiler.check.overrides import check_overrides
from compiler.check.rules import RULES
from compiler.check.scope import CheckError, Scope
from compiler.check.world import GlobalDeclaration, ModuleScope, World
from compiler.diagnostics.sink import DiagnosticSink
from compiler.resolve.program import Origin, Program
from compiler.syntax import tree
from compiler.type_system.kinds import ClassInfo, ClassType, EnumInfo, StructInfo

RUNTIME_ROOTS = {
    "exceptions": (),
    "tracebacks": ("pyc_traceback_start", "pyc_traceback_add"),
}
DEFECT_CLASSES = (
    "OverflowError",
    "ValueError",
    "ZeroDivisionError",
    "IndexError",
    "AttributeError",
    "MemoryError",
    "RecursionError",
    "AssertionError",
    "UnboundLocalError",
    "NameError",
)


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What the target asks of the checker. `check_everything`: also functions nobody calls (pyc check)."""

    is_kernel: bool = False
    """No floating point; module-level values are computed at compile time."""
    has_print: bool = True
    runs_module_bodies: bool = True
    check_everything: bool = True
    embedded: dict[str, bytes] = field(default_factory=dict)


def check_program(program: Program, sink: DiagnosticSink, options: CheckOptions) -> tuple[typed.TypedProgram, World]:
    """The typed tree of everything reachable; diagnostics go to the sink."""
    world = World(sink, is_kernel=options.is_kernel, has_print=options.has_print)
    world.embedded = dict(options.embedded)
    world.typed.main_module = program.root
    for loaded in program.modules.values():
        if loaded.scopes is not None:
            world.scopes[loaded.name] = loaded.scopes
    for loaded in program.modules.values():
        world.imports.update(loaded.imports)
    world.runs_modules = options.runs_module_bodies
    declare_program(world, program)
    check_overrides(world)
    if options.runs_module_bodies:
        check_module_bodies(world, program)
    settle_all_globals(world, program, options)
    queue_roots(world, program, options)
    drain(world)
    finish(world)
    return world.typed, world


def drain(world: World) -> None:
    """Check queued instances until none is left."""
    while world.queue:
        ensure_checked(world, RULES, world.queue.popleft())


def check_module_bodies(world: World, program: Program) -> None:
    """Module bodies in the order in which CPython would run them."""
    later = [name for name in program.modules if name not in program.completion_order]
    for name in (*program.completion_order, *later):
        module = world.modules.get(name)
        if module is not None and not program.modules[name].is_type_only:
            check_module_body(world, module)
    runtime = [name for name in program.completion_order if name in world.modules and not world.modules[name].is_user]
    world.typed.started_first = runtime


def check_module_body(world: World, module: ModuleScope) -> None:
    scope = Scope(world, module, RULES)
    body = tuple(s for s in module.module.body if not is_compile_time(module, s))
    statements = scope.check_block(body)
    if statements:
        world.typed.bodies.append(typed.ModuleBody(module.name, module.file, statements, scope.all_variables))


def is_compile_time(module: ModuleScope, statement: tree.Statement) -> bool:
    """Declarations that leave nothing to run."""
    if isinstance(statement, tree.FunctionDefinition | tree.ClassDefinition):
        return True
    if (
        isinstance(statement, tree.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], tree.Name)
    ):
        symbol = module.symbols.get(statement.targets[0].identifier)
        return not isinstance(symbol, GlobalDeclaration)
    return False


def settle_all_globals(world: World, program: Program, options: CheckOptions) -> None:
    """Module-level variables of the user's modules are checked even if nobody reads them."""
    for loaded in program.modules.values():
        module = world.modules.get(loaded.name)
        if module is None or (loaded.origin is not Origin.PROGRAM) or not options.check_everything:
            continue
        for declaration in [s for s in module.symbols.values() if isinstance(s, GlobalDeclaration)]:
            if declaration.module is module and not is_alias(world, declaration):
                settle_quietly(world, module, declaration)


def is_alias(world: World, declaration: GlobalDeclaration) -> bool:
    """`Name = int | None` and the like: a type, not a value."""
    value = declaration.value
    if declaration.annotation is not None or value is None:
        return False
    if isinstance(value, tree.Subscript):
        return is_type_name(declaration, value.value)
    if isinstance(value, tree.BinaryOperation) and value.operator is tree.BinaryOperator.BIT_OR:
        return is_type_name(declaration, value.left) or is_type_name(declaration, value.right)
    return is_type_name(declaration, value)


def is_type_name(declaration: GlobalDeclaration, node: tree.Expression) -> bool:
    if isinstance(node, tree.Constant):
        return node.value is None
    if not isinstance(node, tree.Name):
        return False
    symbol = declaration.module.symbols.get(node.identifier)
    if symbol is None:
        return node.identifier in SIMPLE_BUILTINS or node.identifier in {"str", "bytes", "list", "tuple"}
    if isinstance(symbol, VocabularySymbol):
        return symbol.name in SIMPLE_VOCABULARY or symbol.name in {"Ptr", "Array", "Callable", "Optional", "UserPtr"}
    return isinstance(symbol, ClassInfo | StructInfo | EnumInfo | TypeAliasSymbol)


def settle_quietly(world: World, module: ModuleScope, declaration: GlobalDeclaration) -> None:
    try:
        settle_global(Scope(world, module, RULES), declaration, declaration.span)
    except CheckError:
        return


# --- roots ----------------------------------------------------------------------------------------------------------


def queue_roots(world: World, program: Program, options: CheckOptions) -> None:
    """Exported functions everywhere; every function of the user's modules when all is to be checked."""
    for loaded in program.modules.values():
        module = world.modules.get(loaded.name)
        if module is None:
            continue
        everything = options.check_everything and loaded.origin is Origin.PROGRAM
        for symbol in module.symbols.values():
            queue_symbol(world, module, symbol, everything)
    for name in DEFECT_CLASSES:
        if name in world.builtin_classes:
            world.note_constructed(world.builtin(name))


def queue_symbol(world: World, module: ModuleScope, symbol: object, everything: bool) -> None:
    match symbol:
        case FunctionInfo() if symbol.module == module.name:
            if symbol.markers.export is not None or (everything and not symbol.type_parameters):
                world.instance(symbol)
        case ClassInfo(type_parameters=()) if symbol.module == module.name and everything:
            for method in symbol.methods.values():
                if not method.type_parameters:
                    world.instance(method, receiver=ClassType(symbol))
        case StructInfo() | EnumInfo() if symbol.module == module.name and everything:
            for method in symbol.methods.values():
                world.instance(method)


def finish(world: World) -> None:
    """Collect what lowering needs besides the instances."""
    result = world.typed
    result.classes = [kind for kind in world.constructed.values()]
    result.globals = list(world.used_globals.values())
    result.virtual_methods = [(method.owner, method.name) for method in world.virtual_methods.values()]
    for name, info in world.builtin_classes.items():
        if not info.type_parameters:
            result.builtin_classes[name] = ClassType(info)
    result.enums = [
        s for m in world.modules.values() for s in m.symbols.values() if isinstance(s, EnumInfo) and s.module == m.name
    ]
    for module in world.modules.values():
        result.files[module.name] = module.file
