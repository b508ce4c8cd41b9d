"""The passes in the order in which they run, each with its reason and what it must follow.

`run_passes` is stage 5's one public function. The table is data: a test checks that every `must_come_after` names an
earlier row. Hooks serve `--time-passes` and `--emit ir` after a named pass; the verifier runs after every row when
asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from compiler.diagnostics.errors import InternalError
from compiler.ir.module import Program
from compiler.ir.verify import Level, verify_program
from compiler.passes import (
    drop_dead,
    error_returns,
    raising,
    range_checks,
    recursion_checks,
    reference_counts,
    uninitialised,
)
from compiler.passes.effects import Violation, find_violations


@dataclass(frozen=True, slots=True)
class Pass:
    """One row. `must_come_after`: pass name → why."""

    name: str
    run: Callable[[Program], None]
    why: str
    level: Level
    """What holds for every function afterwards."""
    must_come_after: dict[str, str] = field(default_factory=dict)
    optional: bool = False
    """Only makes the result better; the meaning stays without it."""


PASSES: tuple[Pass, ...] = (
    Pass(
        name="drop_dead",
        run=drop_dead.run,
        why="no work for what nothing reaches",
        level=Level.LOWERED,
    ),
    Pass(
        name="recursion_checks",
        run=recursion_checks.run,
        why="a runaway recursion raises RecursionError",
        level=Level.LOWERED,
        must_come_after={"drop_dead": "nothing is gained for what is dropped"},
    ),
    Pass(
        name="uninitialised",
        run=uninitialised.run,
        why="a local that may be unassigned raises when it is read",
        level=Level.LOWERED,
    ),
    Pass(
        name="range_checks",
        run=range_checks.run,
        why="checks that cannot fail make no function raise",
        level=Level.LOWERED,
        must_come_after={"drop_dead": "nothing is gained for what is dropped"},
        optional=True,
    ),
    Pass(
        name="raising",
        run=raising.run,
        why="calls of functions that cannot raise need no test",
        level=Level.LOWERED,
        must_come_after={
            "uninitialised": "its checks raise",
            "recursion_checks": "its checks raise",
            "drop_dead": "callers that are gone do not count",
            "range_checks": "a check that is gone raises nothing",
        },
    ),
    Pass(
        name="error_returns",
        run=error_returns.run,
        why="failures become edges",
        level=Level.FAILURES_EXPLICIT,
        must_come_after={
            "raising": "it tests a call only where the callee raises",
            "uninitialised": "it rewrites Raise",
        },
    ),
    Pass(
        name="reference_counts",
        run=reference_counts.run,
        why="retains and releases become explicit",
        level=Level.COUNTS_EXPLICIT,
        must_come_after={"error_returns": "values must be released on the edges of failures too"},
    ),
)


@dataclass(slots=True)
class PassOptions:
    """What the pipeline wants to see while the passes run."""

    verify_each: bool = False
    skip: frozenset[str] = frozenset()
    """Optional passes to leave out (tests show that the meaning stays)."""
    after_pass: Callable[[str, Program], None] | None = None


@dataclass(slots=True)
class PassResult:
    """Seconds per pass, and the declarations that do not hold (the pipeline makes diagnostics of them)."""

    seconds: dict[str, float] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)


def run_passes(program: Program, options: PassOptions | None = None) -> PassResult:
    """Run all passes over the program, in place. Effects are looked for last before handlers disappear."""
    options = options if options is not None else PassOptions()
    result = PassResult()
    if options.verify_each:
        verify_program(program, Level.LOWERED, "lower")
    for row in PASSES:
        if row.optional and row.name in options.skip:
            continue
        start = time.perf_counter()
        if row.name == "error_returns":
            result.violations = find_violations(program)
        _run(row, program)
        result.seconds[row.name] = time.perf_counter() - start
        if options.verify_each:
            verify_program(program, row.level, row.name)
        if options.after_pass is not None:
            options.after_pass(row.name, program)
    return result


def _run(row: Pass, program: Program) -> None:
    try:
        row.run(program)
    except InternalError:
        raise
    except Exception as problem:
        raise InternalError(f"passes ({row.name})", None, None, f"{type(problem).__name__}: {problem}") from problem
