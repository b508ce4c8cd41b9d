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

from tests.fuzz.comparison import compare, without
from tests.fuzz.programs import Piece, pieces

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


def smaller(module: ast.Module) -> Iterator[ast.Module]:
    """The module with one thing less, for each thing."""
    count = sum(1 for _ in ast.walk(module))
    for index in range(count):
        for way in (remove_statements, unwrap, simplify):
            changed = copy.deepcopy(module)
            node = list(ast.walk(changed))[index]
            if way(node):
                yield ast.fix_missing_locations(changed)


def remove_statements(node: ast.AST) -> bool:
    """Marks the node's first removable statement; called again for the others."""
    for name in BODIES:
        body = getattr(node, name, None)
        if isinstance(body, list) and body and not isinstance(body[0], ast.Pass | ast.FunctionDef):
            del body[-1]
            if not body and name == "body":
                body.append(ast.Pass())
            return True
    return False


def unwrap(node: ast.AST) -> bool:
    """A compound statement in the node's body gives way to what it holds."""
    for name in BODIES:
        body = getattr(node, name, None)
        if not isinstance(body, list):
            continue
        for index, statement in enumerate(body):
            if isinstance(
                statement, ast.If | ast.For | ast.While | ast.Try | ast.With | ast.Expr | ast.Assign | ast.AnnAssign
            ):
                body[index : index + 1] = getattr(statement, "body", [])
                if not body:
                    body.append(ast.Pass())
                return True
    return False


def simplify(node: ast.AST) -> bool:
    """An operand gives way to an operand of its own."""
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.expr):
            inner = [child for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr)]
            if inner and not isinstance(value, ast.Name):
                setattr(node, field, inner[-1])
                return True
    return False


def shrink(parts: list[Piece], name: str, optimise: tuple[bool, ...], more_time: Callable[[], bool]) -> list[Piece]:
    parts = needed(parts, name)
    progress = True
    while progress and more_time():
        progress = False
        for part in reversed(parts):
            fewer = without(parts, {part.name})
            if part.name != name and differs(fewer, name, optimise):
                parts, progress = fewer, True
                break
        for part in parts:
            for candidate in smaller(ast.parse(part.source)):
                if not more_time():
                    break
                changed = [
                    Piece(p.name, "\n\n" + ast.unparse(candidate) + "\n" if p is part else p.source) for p in parts
                ]
                if differs(changed, name, optimise):
                    parts, progress = changed, True
                    break
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
    parts = pieces(known.seed, known.functions)
    for part in shrink(parts, known.function, (known.optimised,), lambda: time.monotonic() < end):
        print(part.source)
    return 0


if __name__ == "__main__":
    sys.exit(main())
