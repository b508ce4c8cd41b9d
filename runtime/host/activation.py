"""The switch that lets sources which use widths run under CPython.

The implicit conversions of the language are written into a source by `pyc`'s own loader. Run without it, a program
could give another answer than the compiled one, so the vocabulary refuses to load. Whoever has installed the loader
(the `pyc run --cpython` command, the test plugin) calls `activate()` first.
"""

from __future__ import annotations

import sys
from typing import Final

_state: Final = {"active": False}


def activate() -> None:
    """Allow ``runtime.lang`` to be imported in this process."""
    _state["active"] = True


def is_active() -> bool:
    """Whether the loader of this process takes care of the implicit conversions."""
    return _state["active"]


def refusal(program: str) -> str:
    """The line that tells the user how to start `program`."""
    return f"{program} uses the fixed-width types of runtime.lang; run it with: pyc run --cpython {program}"


def require_active() -> None:
    """End the process with exit code 1 and one line on stderr unless activated."""
    if is_active():
        return
    main = sys.modules.get("__main__")
    program = getattr(main, "__file__", None)
    raise SystemExit(refusal(str(program) if program else "FILE"))
