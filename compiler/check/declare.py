"""Declares a module: turns its top-level statements into symbols, without looking into any function body.

Two rounds over all modules: first every name gets its symbol, so forward and cyclic references work; then classes and
signatures are read.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.check.annotations import AnnotationReader, is_marker
from compiler.check.classes import ClassDeclarer, declare_class, nested_statements, new_class_symbol
from compiler.check.declarations import FunctionInfo, ModuleSymbol, Symbol, VocabularySymbol
from compiler.check.signatures import declare_function
from compiler.check.world import GlobalDeclaration, ModuleScope, World
from compiler.resolve.program import ImportTarget, LoadedModule, Origin, Program
from compiler.syntax import tree
from compiler.type_system.kinds import ClassInfo, EnumInfo, FunctionPointerInfo, StructInfo, TypeVariable


def declare_program(world: World, program: Program) -> None:
    """Fill `world.modules` with the symbols of every module."""
    for loaded in program.modules.values():
        if loaded.origin is not Origin.VOCABULARY:
            scope = ModuleScope(loaded.name, loaded.path, loaded.tree, is_user=loaded.origin is Origin.PROGRAM)
            world.modules[loaded.name] = scope
    for loaded in program.modules.values():
        if loaded.name in world.modules:
            declare_names(world, world.modules[loaded.name], loaded)
    for loaded in program.modules.values():
        if loaded.name in world.modules:
            resolve_reexports(world, program, loaded)
    declare_classes(world)
    for scope in world.modules.values():
        declare_functions(world, scope)


def top_level(body: tuple[tree.Statement, ...]) -> Iterator[tree.Statement]:
    """Module-level statements, also those under `if TYPE_CHECKING:` and in other conditionals."""
    for statement in body:
        yield statement
        match statement:
            case tree.If(body=inner, otherwise=otherwise):
                yield from top_level(inner)
                yield from top_level(otherwise)
            case tree.Try(body=inner, handlers=handlers, otherwise=otherwise, final=final):
                yield from top_level(inner)
                for handler in handlers:
                    yield from top_level(handler.body)
                yield from top_level(otherwise)
                yield from top_level(final)
            case tree.For(body=inner, otherwise=otherwise) | tree.While(body=inner, otherwise=otherwise):
                yield from top_level(inner)
                yield from top_level(otherwise)
            case tree.With(body=inner):
                yield from top_level(inner)
            case tree.Match(cases=cases):
                for case in cases:
                    yield from top_level(case.body)


def count_nested_assignments(scope: ModuleScope) -> None:
    """An assignment in a branch or a loop runs never or many times: its value is not the variable's only one."""
    outermost = set(map(id, scope.module.body))
    for statement in top_level(scope.module.body):
        if id(statement) in outermost:
            continue
        match statement:
            case tree.Assign(targets=(tree.Name(identifier=name),)):
                count_assignment(scope, name)
            case tree.AnnotatedAssign(target=tree.Name(identifier=name), value=value) if value is not None:
                count_assignment(scope, name)


def declare_names(world: World, scope: ModuleScope, loaded: LoadedModule) -> None:
    for statement in top_level(scope.module.body):
        match statement:
            case tree.Import(names=names):
                for alias in names:
                    declare_import(world, scope, loaded, alias)
            case tree.ImportFrom(names=names):
                for alias in names:
                    declare_import(world, scope, loaded, alias)
            case tree.ClassDefinition():
                scope.symbols[statement.name] = new_class_symbol(world, scope, statement)
            case tree.FunctionDefinition():
                scope.symbols[statement.name] = FunctionInfo(statement.name, scope.name, statement.name_span, statement)
            case tree.Assign(targets=targets, value=value):
                for target in targets:
                    declare_target(scope, target, value if len(targets) == 1 else None)
            case tree.AnnotatedAssign(target=tree.Name(identifier=name), annotation=annotation, value=value):
                declare_global(world, scope, name, statement, annotation, value)
            case tree.AugmentedAssign(target=tree.Name(identifier=name)):
                count_assignment(scope, name)
            case tree.For(target=target):
                declare_target(scope, target, None)
            case tree.With(items=items):
                for item in items:
                    if item.target is not None:
                        declare_target(scope, item.target, None)
    for name in globally_assigned(loaded):
        count_assignment(scope, name)
    if scope.is_user and not world.is_kernel:
        count_nested_assignments(scope)


def globally_assigned(loaded: LoadedModule) -> Iterator[str]:
    """Names that functions of the module rebind by `global`."""
    if loaded.scopes is not None:
        for scope in loaded.scopes.by_node.values():
            yield from (name for name in scope.declared_globals if scope.symbols[name].is_bound)


def declare_import(world: World, scope: ModuleScope, loaded: LoadedModule, alias: tree.ImportAlias) -> None:
    target = loaded.imports.get(alias)
    if target is None:
        return
    scope.symbols[bound_name(alias, target)] = imported_symbol(world, target, alias)


def bound_name(alias: tree.ImportAlias, target: ImportTarget) -> str:
    """The name an import binds: `import a.b` binds `a`."""
    return alias.bound_as or (alias.name if target.member is not None else alias.name.partition(".")[0])


def imported_symbol(world: World, target: ImportTarget, alias: tree.ImportAlias) -> Symbol:
    """A module, a vocabulary name, or a placeholder that resolve_reexports replaces."""
    if target.member is None:
        return ModuleSymbol(target.module)
    if target.is_builtin or target.module not in world.modules:
        return VocabularySymbol(target.module, target.member)
    return VocabularySymbol(f"@{target.module}", target.member)


def resolve_reexports(world: World, program: Program, loaded: LoadedModule) -> None:
    """Replace `from module import name` placeholders by what the name is there, through any number of modules."""
    scope = world.modules[loaded.name]
    for name, symbol in list(scope.symbols.items()):
        if isinstance(symbol, VocabularySymbol) and symbol.module.startswith("@"):
            scope.symbols[name] = follow(world, symbol, 0)


def follow(world: World, symbol: VocabularySymbol, depth: int) -> Symbol | GlobalDeclaration:
    target = world.modules[symbol.module[1:]].symbols.get(symbol.name)
    if isinstance(target, VocabularySymbol) and target.module.startswith("@") and depth < 50:
        return follow(world, target, depth + 1)
    if target is None:
        return ModuleSymbol(f"{symbol.module[1:]}.{symbol.name}")
    return target


def declare_target(scope: ModuleScope, target: tree.Expression, value: tree.Expression | None) -> None:
    match target:
        case tree.Name(identifier=name):
            known = scope.symbols.get(name)
            if isinstance(known, GlobalDeclaration):
                known.assignments += 1
            elif value is not None and is_type_variable(value):
                scope.symbols[name] = TypeVariable(name)
            else:
                scope.symbols[name] = GlobalDeclaration(name, scope, target.span, None, value, is_final=False)
        case tree.TupleDisplay(elements=elements) | tree.ListDisplay(elements=elements):
            for element in elements:
                declare_target(scope, element, None)
        case tree.Starred(value=inner):
            declare_target(scope, inner, None)


def is_type_variable(value: tree.Expression) -> bool:
    return (
        isinstance(value, tree.Call)
        and isinstance(value.function, tree.Name)
        and value.function.identifier == "TypeVar"
    )


def declare_global(
    world: World,
    scope: ModuleScope,
    name: str,
    statement: tree.AnnotatedAssign,
    annotation: tree.Expression,
    value: tree.Expression | None,
) -> None:
    reader = AnnotationReader(world, scope)
    known = scope.symbols.get(name)
    if isinstance(known, GlobalDeclaration):
        known.assignments += 1
        known.annotation = known.annotation or annotation
        return
    is_final = is_marker(reader, annotation, "Final")
    bare_final = is_final and not isinstance(annotation, tree.Subscript)
    if is_marker(reader, annotation, "TypeAlias"):
        annotation_used, value_used = None, value
    else:
        annotation_used, value_used = (None if bare_final else annotation), value
    scope.symbols[name] = GlobalDeclaration(
        name, scope, statement.target.span, annotation_used, value_used, is_final, assignments=0 if value is None else 1
    )


def count_assignment(scope: ModuleScope, name: str) -> None:
    known = scope.symbols.get(name)
    if isinstance(known, GlobalDeclaration):
        known.assignments += 1


def declare_classes(world: World) -> None:
    """Headers first, then bases, then bodies (a base before its subclasses), so that any class may mention any
    other."""
    declarers = [
        ClassDeclarer(world, scope, symbol)
        for scope in world.modules.values()
        for symbol in list(scope.symbols.values())
        if isinstance(symbol, ClassInfo) and symbol.module == scope.name
    ]
    for declarer in declarers:
        declarer.read_header()
    for declarer in declarers:
        declarer.read_bases()
    for scope in world.modules.values():
        for symbol in list(scope.symbols.values()):
            if isinstance(symbol, StructInfo | EnumInfo | FunctionPointerInfo) and symbol.module == scope.name:
                declare_class(world, scope, symbol)
    for declarer in sorted(declarers, key=lambda d: len(d.info.ancestors())):
        declarer.read_body()
    for scope in world.modules.values():
        count_class_assignments(scope)


def count_class_assignments(scope: ModuleScope) -> None:
    """`Class.name = …` anywhere: the class variable is no constant."""
    for statement in every_statement(scope.module.body):
        match statement:
            case tree.Assign(targets=targets):
                pass
            case tree.AugmentedAssign(target=target):
                targets = (target,)
            case _:
                continue
        for target in targets:
            if isinstance(target, tree.Attribute) and isinstance(target.value, tree.Name):
                note_class_assignment(scope.symbols.get(target.value.identifier), target.name)


def note_class_assignment(symbol: object, name: str) -> None:
    for ancestor in symbol.ancestors() if isinstance(symbol, ClassInfo) else ():
        declaration = ancestor.class_variables.get(name)
        if isinstance(declaration, GlobalDeclaration):
            declaration.assignments += 1


def every_statement(body: tuple[tree.Statement, ...]) -> Iterator[tree.Statement]:
    """All statements of a module, those in functions and classes included."""
    for statement in nested_statements(body):
        yield statement
        if isinstance(statement, tree.FunctionDefinition | tree.ClassDefinition):
            yield from every_statement(statement.body)


def declare_functions(world: World, scope: ModuleScope) -> None:
    for symbol in list(scope.symbols.values()):
        if isinstance(symbol, FunctionInfo) and symbol.module == scope.name:
            declare_function(world, scope, symbol, owner_variables=())


def imported_name(world: World, alias: tree.ImportAlias) -> tuple[str, Symbol | GlobalDeclaration | None]:
    """The name that an import binds and what it stands for; None after a complaint of stage 2."""
    target = world.imports.get(alias)
    if target is None:
        return alias.bound_as or alias.name, None
    symbol = imported_symbol(world, target, alias)
    if isinstance(symbol, VocabularySymbol) and symbol.module.startswith("@"):
        return bound_name(alias, target), follow(world, symbol, 0)
    return bound_name(alias, target), symbol
