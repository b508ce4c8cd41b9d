"""From passed IR to objects: one unit after the other, from the cache where its text is known, over several processes
where not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from compiler.cache import digest, read_entry, write_entry
from compiler.codegen.machine import CompiledUnit, Optimisation, compile_text
from compiler.codegen.unit_plan import UnitPlan
from compiler.codegen.unit_text import CodegenOptions, unit_text
from compiler.ir.module import Program
from compiler.options import BuildOptions, Emit
from compiler.target import TargetSpec

SMALL_BUILD = 200_000
"""Characters of LLVM text below which a second process costs more than it saves."""


@dataclass(frozen=True, slots=True)
class UnitText:
    """One unit ready for LLVM."""

    name: str
    text: str
    key: str


def unit_texts(program: Program, options: BuildOptions) -> list[UnitText]:
    """The LLVM text of every unit, with its cache key."""
    plan = UnitPlan(program)
    settings = CodegenOptions(optimise=options.optimise)
    made = []
    for name in plan.names:
        text = unit_text(program, name, options.target, settings, plan)
        made.append(UnitText(name, text, digest(text, options.target.name, str(options.optimise))))
    return made


def compile_units(units: list[UnitText], options: BuildOptions) -> dict[str, bytes]:
    """Object bytes by unit name, in the order of the units."""
    objects: dict[str, bytes] = {}
    missing: list[UnitText] = []
    for unit in units:
        known = read_entry("object", unit.key) if options.use_cache else None
        if known is not None:
            objects[unit.name] = known
        else:
            missing.append(unit)
    for unit, compiled in zip(missing, compile_missing(missing, options), strict=True):
        objects[unit.name] = compiled.object
        if options.use_cache:
            write_entry("object", unit.key, compiled.object)
    return {unit.name: objects[unit.name] for unit in units}


def compile_missing(units: list[UnitText], options: BuildOptions) -> Iterator[CompiledUnit]:
    optimisation = Optimisation.FULL if options.optimise else Optimisation.NONE
    if options.jobs < 2 or sum(len(unit.text) for unit in units) < SMALL_BUILD:
        for unit in units:
            yield compile_text(unit.text, options.target, optimisation)
        return
    largest_first = sorted(range(len(units)), key=lambda i: -len(units[i].text))
    with ProcessPoolExecutor(options.jobs) as pool:
        futures = {i: pool.submit(compile_text, units[i].text, options.target, optimisation) for i in largest_first}
        for i in range(len(units)):
            yield futures[i].result()


def emitted_text(units: list[UnitText], options: BuildOptions) -> str:
    """What `--emit llvm` or `--emit asm` prints."""
    if options.emit is Emit.LLVM:
        return "\n".join(f"; unit {unit.name}\n{unit.text}" for unit in units)
    optimisation = Optimisation.FULL if options.optimise else Optimisation.NONE
    parts = []
    for unit in units:
        compiled = compile_text(unit.text, options.target, optimisation, want_assembly=True)
        parts.append(f"# unit {unit.name}\n{compiled.assembly}")
    return "\n".join(parts)


def measure(start: float) -> float:
    return time.perf_counter() - start


def describe(target: TargetSpec) -> str:
    return target.name
