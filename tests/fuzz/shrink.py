"""`python -m tests.fuzz.shrink --seed S --function fN`: the smallest program found that still differs.

Starts from the function and those it calls, and keeps each removal (of a function, a statement, the frame of a compound
statement, part of an expression) after which CPython still runs the program, the compiler still accepts it, and the
function still differs.
"""

from __future__ import annotations

import argparse
import ast
import copy
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.fuzz import comparison
from tests.fuzz.comparison import compare, without
from tests.fuzz.programs import Piece, pieces

RUN_SECONDS = 3.0
"""A smaller program that takes longer has lost the end of a loop."""
BODIES = ("body", "orelse", "finalbody")


def differs(parts: list[Piece], name: str, optimise: tuple[bool, ...]) -> bool:
    try:
        compared = compare(parts, optimise=optimise)
    except AssertionError:
        return False
    return name in compared.differing and not compared.refused


def needed(parts: list[Piece], name: str) -> list[Piece]:
    """The function and what it calls, directly or not."""
    found = {name}
    for part in reversed(parts):
        if part.name in found:
            found.update(re.findall(r"\b(f\d+)\(", part.source))
    return [part for part in parts if part.name in found]


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing less: at node `index` (in the order of ast.walk), in its list or operand `field`."""

    index: int
    field: str
    position: int
    unwraps: bool


def edits(module: ast.Module) -> Iterator[Edit]:
    """Whole statements from the outside in and from the end, then their frames, then operands."""
    nodes = list(ast.walk(module))
    for index, node in enumerate(nodes):
        for field in BODIES:
            body = getattr(node, field, None)
            if isinstance(body, list) and not isinstance(node, ast.Module):
                yield from (Edit(index, field, n, False) for n in range(len(body) - 1, -1, -1))
                yield from (Edit(index, field, n, True) for n, s in enumerate(body) if hasattr(s, "body"))
    for index, node in enumerate(nodes):
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                count = sum(isinstance(child, ast.expr) for child in ast.iter_child_nodes(value))
                yield from (Edit(index, field, n, False) for n in range(count))


def edited(module: ast.Module, edit: Edit) -> ast.Module | None:
    """A changed copy; None where the edit finds nothing to change any more."""
    changed = copy.deepcopy(module)
    nodes = list(ast.walk(changed))
    if edit.index >= len(nodes):
        return None
    node = nodes[edit.index]
    value = getattr(node, edit.field, None)
    if isinstance(value, ast.expr):
        operands = [child for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr)]
        if edit.position >= len(operands):
            return None
        setattr(node, edit.field, operands[edit.position])
    elif isinstance(value, list) and edit.position < len(value) and not is_pass(value):
        inner = getattr(value[edit.position], "body", []) if edit.unwraps else []
        value[edit.position : edit.position + 1] = inner if isinstance(inner, list) else []
        if not value and edit.field == "body":
            value.append(ast.Pass())
    else:
        return None
    return ast.fix_missing_locations(changed)


def is_pass(body: list[ast.stmt]) -> bool:
    return len(body) == 1 and isinstance(body[0], ast.Pass)


def shrink(parts: list[Piece], name: str, optimise: tuple[bool, ...], more_time: Callable[[], bool]) -> list[Piece]:
    """Whole functions first, then what is inside of those that stay, until a round changes nothing."""
    parts = needed(parts, name)
    before: list[Piece] = []
    while parts != before and more_time():
        before = parts
        for part in before[::-1]:
            fewer = without(parts, {part.name})
            if part.name != name and more_time() and differs(fewer, name, optimise):
                parts = fewer
        for number in range(len(parts)):
            parts = with_smaller_part(parts, number, lambda p: differs(p, name, optimise), more_time)
    return parts


def with_smaller_part(
    parts: list[Piece], number: int, still: Callable[[list[Piece]], bool], more_time: Callable[[], bool]
) -> list[Piece]:
    """One round over one function."""
    module = ast.parse(parts[number].source)
    for edit in list(edits(module)):
        candidate = edited(module, edit)
        if not more_time():
            break
        if candidate is None:
            continue
        piece = Piece(parts[number].name, "\n\n" + ast.unparse(candidate) + "\n")
        changed = [*parts[:number], piece, *parts[number + 1 :]]
        if still(changed):
            parts, module = changed, candidate
    return parts


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.shrink", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--function", required=True, help="its name, such as f12")
    parser.add_argument("--functions", type=int, default=50, help="functions in the program, as when it was found")
    parser.add_argument("--optimised", action="store_true", help="the difference is in the optimised program")
    parser.add_argument("--seconds", type=float, default=120, help="when to stop")
    known = parser.parse_args()
    end = time.monotonic() + known.seconds
    comparison.RUN_SECONDS = RUN_SECONDS
    parts = pieces(known.seed, known.functions)
    for part in shrink(parts, known.function, (known.optimised,), lambda: time.monotonic() < end):
        print(part.source)
    return 0


if __name__ == "__main__":
    sys.exit(main())
