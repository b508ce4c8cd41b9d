"""An overriding method must be usable wherever the overridden one is: same parameters, same result.

Narrower would be sound for results and wider for parameters; a vtable slot has one signature, so they are the same at
this stage. Constructors and static methods are not called through a base class and may differ.
"""

from __future__ import annotations

from compiler.check.declarations import FunctionInfo, MethodKind
from compiler.check.world import World
from compiler.diagnostics.diagnostic import Note
from compiler.type_system.kinds import ClassInfo, Type, substitute
from compiler.type_system.object_layout import argument_mapping

NOT_OVERRIDING = frozenset({"__init__", "__new__", "__post_init__"})


def check_overrides(world: World) -> None:
    """One diagnostic per method whose signature differs from the one it overrides."""
    for module in world.modules.values():
        for symbol in module.symbols.values():
            if isinstance(symbol, ClassInfo) and symbol.module == module.name:
                check_class(world, symbol)


def check_class(world: World, info: ClassInfo) -> None:
    for name, method in info.methods.items():
        if name in NOT_OVERRIDING or method.kind in (MethodKind.STATIC, MethodKind.CLASS):
            continue
        for ancestor in info.ancestors()[1:]:
            if name in ancestor.methods:
                compare_methods(world, info, method, ancestor, ancestor.methods[name])
                break
