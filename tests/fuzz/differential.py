"""`python -m tests.fuzz.differential --seconds N --seed S`: random programs until the time is up.

Prints each difference with the seed that makes it again, and at the end how much was compared. Exit code 1 when
something differs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from compiler.diagnostics.errors import InternalError
from tests.fuzz.comparison import Compared, compare
from tests.fuzz.programs import pieces

FUNCTIONS = 50
"""Random functions in one program."""
OPTIMISED_SHARE = 4
"""One program in so many is compiled optimised too: LLVM's optimiser takes five times as long as all the rest."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.differential", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long to go on")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first program; the next ones follow")
    parser.add_argument("--functions", type=int, default=FUNCTIONS, help="functions in one program")
    parser.add_argument("--fill", action="store_true", help="overwrite freed memory, so that a use after free shows")
    parser.add_argument("--refused", action="store_true", help="print what the compiler refuses")
    return parser.parse_args()


def main() -> int:
    known = arguments()
    end = time.monotonic() + known.seconds
    total, found, refused = 0, 0, Counter[str]()
    seed = known.seed
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("PYC_CACHE_DIR", folder)
        if known.fill:
            from tests.fuzz.filled_memory import fill_freed_memory

            fill_freed_memory(Path(folder) / "tree")
        while True:
            compared = report(seed, known.functions, known.refused)
            total += len(compared.compared)
            found += len(compared.differing)
            refused.update(message.partition(":")[0] for message in compared.refused.values())
            seed += 1
            if time.monotonic() > end:
                break
    print(f"seeds {known.seed}..{seed - 1}: {total} functions compared, {found} differ, {refused.total()} refused")
    for message, count in refused.most_common():
        print(f"  {count} refused: {message}")
    return 1 if found else 0


def report(seed: int, functions: int, show_refused: bool) -> Compared:
    """Compare one program; say what differs."""
    try:
        compared = compare(pieces(seed, functions), optimise=(False, True) if seed % OPTIMISED_SHARE == 0 else (False,))
    except InternalError as error:
        compared = Compared(differing={"": f"internal error: {error}"})
    for name, reason in compared.differing.items():
        print(f"seed {seed} {name}: {reason}", flush=True)
    if show_refused:
        for name, reason in compared.refused.items():
            print(f"seed {seed} {name} refused: {reason}", flush=True)
    return compared


if __name__ == "__main__":
    sys.exit(main())
