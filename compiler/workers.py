"""LLVM in processes of its own.

LLVM ends its process when it meets what it cannot do, and a unit may run it out of memory. So it never runs in the
process that talks to the user: units go to a pool of forked workers, and when one dies the units that are left are
compiled one by one to find the one that kills.

Contract: results come in the order of the units, whatever the number of processes. Workers die with their parent, and
Ctrl-C is the parent's alone. `stop` ends all that are left.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from compiler.codegen.machine import CompiledUnit, Optimisation, compile_text
from compiler.diagnostics.errors import InternalError
from compiler.target import TargetSpec
from compiler.unit import UnitText

FORK = multiprocessing.get_context("fork")
PR_SET_PDEATHSIG = 1
"""prctl(2): the signal this process gets when its parent ends."""
INLINE_ASSEMBLY = "<inline asm>"
"""How LLVM names the text of `inline_assembly` and `assembly` in its messages."""


@dataclass(frozen=True, slots=True)
class Work:
    """How every unit of a build is to be compiled."""

    target: TargetSpec
    optimisation: Optimisation
    want_assembly: bool = False

    def compile(self, unit: UnitText) -> CompiledUnit:
        """In this process."""
        return compile_text(unit.text, self.target, self.optimisation, self.want_assembly)


@contextmanager
def forking() -> Iterator[None]:
    """Python warns of forks beside threads. Ours are safe: the other thread waits, and the child never needs it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


class AssemblyRefused(Exception):
    """LLVM's assembler does not understand a text that the user wrote."""

    def __init__(self, unit: str, message: str) -> None:
        super().__init__(message)
        self.unit = unit
        self.message = message


def compile_all(
    units: Sequence[UnitText], work: Work, jobs: int, finished: Callable[[int], None]
) -> Iterator[tuple[UnitText, CompiledUnit]]:
    """Every unit with its object; `finished` hears how many are done."""
    if not units:
        return
    made: dict[int, CompiledUnit] = {}
    with forking():
        try:
            compile_in_pool(units, work, jobs, made, finished)
        except BrokenProcessPool:
            for i, unit in enumerate(units):
                if i not in made:
                    made[i] = compile_alone(unit, work)
                    finished(len(made))
    for i, unit in enumerate(units):
        yield unit, made[i]


def compile_in_pool(
    units: Sequence[UnitText], work: Work, jobs: int, made: dict[int, CompiledUnit], finished: Callable[[int], None]
) -> None:
    """The largest units first, so that no worker is left alone with one at the end."""
    largest_first = sorted(range(len(units)), key=lambda i: (-len(units[i].text), i))
    with ProcessPoolExecutor(
        min(jobs, len(units)), mp_context=FORK, initializer=become_worker, initargs=(os.getpid(),)
    ) as pool:
        futures: dict[Future[CompiledUnit], int] = {}
        for i in largest_first:
            futures[pool.submit(work.compile, units[i])] = i
        try:
            for future in as_completed(futures):
                made[futures[future]] = future.result()
                finished(len(made))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def become_worker(parent: int) -> None:
    """Leave Ctrl-C to the parent, die with it, and keep LLVM's last words off the user's terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before it could be watched
        os._exit(1)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    os.close(silence)


def stop() -> None:
    """End every worker that is still there."""
    for process in multiprocessing.active_children():
        process.kill()
        process.join()


# --- one unit that may kill its process ------------------------------------------------------------------------------


def compile_alone(unit: UnitText, work: Work) -> CompiledUnit:
    """One unit in a process of its own; what LLVM says before it dies becomes the message."""
    with tempfile.TemporaryFile() as said:
        reader, writer = FORK.Pipe(duplex=False)
        process = FORK.Process(target=serve_one, args=(unit, work, os.getpid(), writer, said.fileno()))
        process.start()
        writer.close()
        try:
            result = reader.recv()
        except EOFError:
            result = None
        process.join()
        said.seek(0)
        words = said.read().decode("utf-8", "replace").strip()
    if isinstance(result, CompiledUnit):
        return result
    if isinstance(result, InternalError):
        raise result
    raise cause_of_death(unit, process.exitcode or 0, words)


def serve_one(unit: UnitText, work: Work, parent: int, answer: Connection, said: int) -> None:
    """In the child: compile, and send the object or the fault."""
    become_worker(parent)
    os.dup2(said, 2)
    try:
        answer.send(work.compile(unit))
    except InternalError as fault:
        answer.send(fault)


def cause_of_death(unit: UnitText, status: int, words: str) -> Exception:
    """The user's assembly, or our fault."""
    if INLINE_ASSEMBLY in words:
        return AssemblyRefused(unit.name, words)
    ended = f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
    said = words.splitlines()[0] if words else "it said nothing"
    return InternalError("llvm", None, None, f"LLVM ended with {ended} while compiling unit {unit.name}: {said}")
