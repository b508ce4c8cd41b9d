"""Checks whole modules for the sake of their conversions.

`pyc build` checks what a program reaches. A module that CPython runs may be entered anywhere, so here everything in
it is checked: functions that nobody calls, defaults that every call overrides, fields of classes that nobody makes,
generic classes as they are for `int`.
"""

from __future__ import annotations

from collections.abc import Iterable

from compiler.check.construct import field_default
from compiler.check.conversions import coerce
from compiler.check.declarations import FunctionInfo
from compiler.check.names import settle_global
from compiler.check.program import CheckOptions, check_program, drain, queue_symbol
from compiler.check.rules import RULES
from compiler.check.scope import CheckError, Scope
from compiler.check.world import GlobalDeclaration, ModuleScope, World
from compiler.diagnostics.sink import DiagnosticSink
from compiler.resolve.program import Origin, Program
from compiler.type_system.kinds import INT, ClassInfo, ClassType, EnumInfo, StructInfo, contains_variable

UNLIMITED = 1_000_000


def check_for_cpython(
    program: Program, sink: DiagnosticSink, options: CheckOptions, runtime: Iterable[str] = ()
) -> World:
    """Check a bound program and every part of its modules; `runtime` names modules of the runtime to treat alike.

    Diagnostics go to `sink` as those of `pyc check` do; what only the thorough pass finds is nobody's business here.
    """
    _, world = check_program(program, sink, options)
    thorough = [name for name, module in program.modules.items() if module.origin is Origin.PROGRAM]
    chosen = [world.modules[name] for name in (*thorough, *runtime) if name in world.modules]
    reported, world.sink = world.sink, DiagnosticSink(UNLIMITED)
    try:
        for module in chosen:
            check_everything(world, module)
        drain(world)
    finally:
        world.sink = reported
    return world


def check_everything(world: World, module: ModuleScope) -> None:
    """Queue every function of a module, and check every value that only some use of the module would check."""
    for symbol in list(module.symbols.values()):
        queue_symbol(world, module, symbol, True)
        match symbol:
            case FunctionInfo(module=module.name):
                check_defaults(world, symbol)
            case GlobalDeclaration() if symbol.module is module:
                check_global(world, symbol)
            case ClassInfo() | StructInfo() | EnumInfo() if symbol.module == module.name:
                check_class(world, symbol)


def check_class(world: World, info: ClassInfo | StructInfo | EnumInfo) -> None:
    for method in info.methods.values():
        check_defaults(world, method)
    if not isinstance(info, ClassInfo):
        return
    if info.type_parameters:
        queue_for_int(world, info)
    for declaration in info.class_variables.values():
        if isinstance(declaration, GlobalDeclaration):
            check_global(world, declaration)
    check_field_defaults(world, info)


def queue_for_int(world: World, info: ClassInfo) -> None:
    """A generic class as it is for plain integers, so that the parts that do not depend on its variables are seen."""
    receiver = ClassType(info, tuple(INT for _ in info.type_parameters))
    for method in info.methods.values():
        if not method.type_parameters:
            world.instance(method, receiver=receiver)


def check_defaults(world: World, info: FunctionInfo) -> None:
    """Defaults of parameters, as a call that leaves them out would have them."""
    for parameter in info.parameters:
        if parameter.default is not None and not contains_variable(parameter.type):
            home = Scope(world, world.modules[info.module], RULES)
            try:
                coerce(home, home.check(parameter.default, parameter.type), parameter.type)
            except CheckError:
                continue


def check_field_defaults(world: World, info: ClassInfo) -> None:
    """Values in the class body that instances start with."""
    home = Scope(world, world.modules[info.module], RULES)
    for field in info.fields.values():
        if field.default is not None and not contains_variable(field.type):
            try:
                field_default(home, field, info, ClassType(info, info.type_parameters))
            except CheckError:
                continue


def check_global(world: World, declaration: GlobalDeclaration) -> None:
    """A variable of a module or class that nobody reads."""
    try:
        settle_global(Scope(world, declaration.module, RULES), declaration, declaration.span)
    except CheckError:
        return
