"""The only importer of llvmlite: text in, object bytes out.

Made to be called in worker processes: arguments and result are plain data, no LLVM object leaves. LLVM's verifier runs
on every text; what it or the parser refuses is our fault, hence InternalError.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import llvmlite.binding as llvm

from compiler.diagnostics.errors import InternalError
from compiler.target import TargetSpec


class Optimisation(Enum):
    """How hard LLVM tries."""

    NONE = 0
    FULL = 2


@dataclass(frozen=True, slots=True)
class CompiledUnit:
    """One object file; `assembly` and `optimised_text` when they were asked for."""

    object: bytes
    assembly: str | None = None
    optimised_text: str | None = None


@lru_cache(maxsize=1)
def _initialise() -> None:
    """Once per process."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    llvm.initialize_native_asmparser()


@lru_cache(maxsize=8)
def _target_machine(target: TargetSpec, optimisation: Optimisation) -> llvm.TargetMachine:
    _initialise()
    return llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=target.processor,
        features=target.features,
        opt=optimisation.value,
        reloc="pic" if target.position_independent else "static",
        codemodel=target.code_model,
    )


def _parse(text: str) -> llvm.ModuleRef:
    _initialise()
    try:
        module = llvm.parse_assembly(text)
        module.verify()
    except RuntimeError as problem:
        raise InternalError("codegen", None, None, f"LLVM refuses the text: {problem}") from problem
    return module


def _optimise(module: llvm.ModuleRef, machine: llvm.TargetMachine, optimisation: Optimisation) -> None:
    """LLVM's standard pipeline for the level; at level 0 it still inlines what must be."""
    tuning = llvm.create_pipeline_tuning_options(speed_level=optimisation.value)
    if optimisation is Optimisation.FULL:
        tuning.loop_vectorization = True
        tuning.slp_vectorization = True
    passes = llvm.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(module, passes)


def compile_text(
    text: str, target: TargetSpec, optimisation: Optimisation, want_assembly: bool = False, want_text: bool = False
) -> CompiledUnit:
    """Verify, optimise and emit one unit."""
    module = _parse(text)
    machine = _target_machine(target, optimisation)
    _optimise(module, machine, optimisation)
    optimised_text = str(module) if want_text else None
    assembly = machine.emit_assembly(module) if want_assembly else None
    return CompiledUnit(machine.emit_object(module), assembly, optimised_text)
