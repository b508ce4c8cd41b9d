"""Functions and data that nothing reaches are dropped before work is spent on them; so are blocks without a way in.

Roots are exported functions and items and the entry symbol. A naked function's text names symbols too: every symbol
that occurs in it counts as reached. It may also define some: reaching a label that it makes global reaches the
function. Relies on nothing; cost: one walk over what stays.
"""

from __future__ import annotations

import re

from compiler.ir import ops
from compiler.ir.flow import reachable
from compiler.ir.module import DataReference, Function, Program
from compiler.ir.operands import operands
from compiler.ir.ops import SymbolAddress

_SYMBOL = re.compile(r"[A-Za-z_.$][\w.$]*")
_GLOBAL_LABEL = re.compile(r"^\s*\.globa?l\s+([A-Za-z_.$][\w.$]*)", re.MULTILINE)


def run(program: Program) -> None:
    """Remove unreachable blocks, functions and data items; the order of the rest stays."""
    pending = [name for name, function in program.functions.items() if function.exported]
    pending += [name for name, item in program.data.items() if item.exported]
    pending += [program.entry_symbol, *program.defects.values()]
    labels = _labels(program)
    reached: set[str] = set()
    while pending:
        name = pending.pop()
        if name in reached:
            continue
        reached.add(name)
        function = program.functions.get(name)
        if function is not None:
            pending += _mentioned(function)
        elif name in program.data:
            pending += [part.symbol for part in program.data[name].parts if isinstance(part, DataReference)]
        elif name in labels:
            pending.append(labels[name])
    program.functions = {name: function for name, function in program.functions.items() if name in reached}
    program.data = {name: item for name, item in program.data.items() if name in reached}


def _labels(program: Program) -> dict[str, str]:
    """Global labels inside naked functions, with the function that defines each."""
    found: dict[str, str] = {}
    for name, function in program.functions.items():
        if function.assembly is not None:
            found.update(dict.fromkeys(_GLOBAL_LABEL.findall(function.assembly), name))
    return found


def _mentioned(function: Function) -> set[str]:
    """Symbols that the function uses."""
    if function.assembly is not None:
        return set(_SYMBOL.findall(function.assembly))
    kept = set(reachable(function.blocks))
    function.blocks = [block for block in function.blocks if block in kept]
    found: set[str] = set()
    for block in function.blocks:
        for op in block.operations:
            match op:
                case ops.Call(symbol):
                    found.add(symbol)
                case ops.AllocateObject(descriptor):
                    found.add(descriptor)
                case ops.InlineAssembly(template):
                    found.update(_SYMBOL.findall(template))
            for value in operands(op):
                if type(value) is SymbolAddress:
                    found.add(value.symbol)
    for local in function.locals:
        if local.unbound_defect is not None:
            found.add(local.unbound_defect)
    return found
