"""From passed IR to objects: LLVM text per unit, objects from the cache where that text is known, from the workers
where not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from compiler.cache import digest, read_entry, toolchain_fingerprint, write_atomically, write_entry
from compiler.codegen.unit_plan import UnitPlan
from compiler.codegen.unit_text import CodegenOptions, unit_text
from compiler.ir.module import Program
from compiler.options import BuildOptions, Emit
from compiler.unit import UnitText

Finished = Callable[[int, int], None]
"""Hears how many units are done, of how many."""


def unit_texts(program: Program, options: BuildOptions) -> list[UnitText]:
    """The LLVM text of every unit, with its cache key."""
    plan = UnitPlan(program)
    settings = CodegenOptions(optimise=options.optimise, debug_lines=options.debug_lines)
    level = f"{options.target.name}:{options.optimise}:{toolchain_fingerprint()}"
    made = []
    for name in plan.names:
        text = unit_text(program, name, options.target, settings, plan)
        made.append(UnitText(name, text, digest(text, level)))
    return made


def compile_units(units: list[UnitText], options: BuildOptions, finished: Finished) -> dict[str, bytes]:
    """Object bytes by unit name, in the order of the units."""
    objects: dict[str, bytes] = {}
    missing: list[UnitText] = []
    for unit in units:
        known = read_entry("object", unit.key) if options.use_cache else None
        if known is not None:
            objects[unit.name] = known
        else:
            missing.append(unit)
    compile_missing(missing, options, objects, finished)
    return {unit.name: objects[unit.name] for unit in units}


def compile_missing(
    units: list[UnitText], options: BuildOptions, objects: dict[str, bytes], finished: Finished
) -> None:
    if not units:
        return  # LLVM is not even loaded
    from compiler.codegen.machine import Optimisation
    from compiler.workers import Work, compile_all

    work = Work(options.target, Optimisation.FULL if options.optimise else Optimisation.NONE)
    for unit, compiled in compile_all(units, work, options.jobs, lambda done: finished(done, len(units))):
        objects[unit.name] = compiled.object
        if options.use_cache:
            write_entry("object", unit.key, compiled.object)


def emitted_text(units: list[UnitText], options: BuildOptions, finished: Finished) -> str:
    """What `--emit llvm` or `--emit asm` prints."""
    if options.emit is Emit.LLVM:
        return "\n".join(f"; unit {unit.name}\n{unit.text}" for unit in units)
    from compiler.codegen.machine import Optimisation
    from compiler.workers import Work, compile_all

    optimisation = Optimisation.FULL if options.optimise else Optimisation.NONE
    work = Work(options.target, optimisation, want_assembly=True)
    made = compile_all(units, work, options.jobs, lambda done: finished(done, len(units)))
    return "\n".join(f"# unit {unit.name}\n{compiled.assembly}" for unit, compiled in made)


def write_objects(objects: dict[str, bytes], folder: Path) -> list[Path]:
    """What `--emit obj` writes: one relocatable ELF file per unit."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in objects.items():
        path = folder / f"{name.replace('/', '_')}.o"
        write_atomically(path, data)
        written.append(path)
    return written
