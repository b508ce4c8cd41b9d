"""What one run of the compiler was asked to do: a frozen record that the command line fills and the pipeline reads."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from compiler.target import PROGRAM, TargetSpec


class Emit(Enum):
    """What `--emit` prints instead of building: the result of one stage."""

    TREE = "tree"
    TYPES = "types"
    IR = "ir"
    LLVM = "llvm"
    ASM = "asm"
    OBJ = "obj"
    MAP = "map"


def usable_processors() -> int:
    """How many processes may run at once on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """One build. `source` is the root file; `embedded` maps names for embedded_file() to host paths."""

    source: Path
    output: Path | None = None
    target: TargetSpec = PROGRAM
    optimise: bool = True
    debug: bool = False
    strip: bool = False
    emit: Emit | None = None
    emit_after: str | None = None
    only: str | None = None
    time_passes: bool = False
    verify_each: bool = False
    use_cache: bool = True
    embedded: tuple[tuple[str, Path], ...] = ()
    jobs: int = field(default_factory=usable_processors)

    @property
    def debug_lines(self) -> bool:
        """Whether objects carry DWARF: gdb reads it, and a kernel's panics find their lines by it."""
        return not self.strip or self.target.name == "kernel"
