"""Whole random programs: the prelude, random functions, and a driver that calls each and prints what happened.

Each function is run twice under a label. The second run must leave as many live objects as it found: the counter is
real in the compiled program and constant on CPython, so a leak is a difference like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.fuzz.expressions import Function
from tests.fuzz.prelude import COMPILED_COUNTER, HOSTED_COUNTER, IMPORTS, PRELUDE
from tests.fuzz.statements import Statements

WITHOUT_TEXT = ("Shape", "list[Node]", "list[Shape]", "Node | None")
"""Types whose text names an address, or that have none: a result of such a type is only counted."""

DRIVER = """

def run_{name}() -> None:
    reset()
    try:
        result = {call}
        print("{name}", {shown})
    except Exception as error:
        print("{name} !", repr(error)[:200])
    print("{name} ~", g_int, g_text, g_list, " ; ".join(trace))
    reset()


def test_{name}() -> None:
    run_{name}()
    before = live_objects()
    run_{name}()
    if live_objects() != before:
        print("{name} LEAK", live_objects() - before)
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """One random function and the driver that runs it."""

    name: str
    source: str


def shown(function: Function) -> str:
    match function.result:
        case "Shape":
            return "result.describe()"
        case "Node | None":
            return "result is None"
        case "list[Node]" | "list[Shape]":
            return "len(result)"
        case _:
            return "result"


def pieces(seed: int, count: int) -> list[Piece]:
    """Random functions, each of which may call the ones before."""
    made: list[Piece] = []
    functions: list[Function] = []
    for number in range(count):
        writer = Statements(Random(f"{seed}/{number}"))
        function, lines = writer.function(f"f{number}", functions)
        functions.append(function)
        writer.scope.variables.clear()
        writer.scope.functions = []
        driver = DRIVER.format(name=function.name, call=writer.call(function, 1), shown=shown(function))
        made.append(Piece(function.name, "\n\n" + "\n".join(lines) + "\n" + driver))
    return made


def program(parts: list[Piece], *, compiled: bool) -> str:
    """The source of a program; for CPython without the leak counter."""
    text = IMPORTS + (COMPILED_COUNTER if compiled else HOSTED_COUNTER) + PRELUDE
    calls = "".join(f"test_{part.name}()\n" for part in parts)
    return text + "".join(part.source for part in parts) + "\n\n" + calls
