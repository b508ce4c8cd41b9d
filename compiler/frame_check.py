"""The limit on stack frames of a target (DESIGN §2: 1 KiB in the kernel), judged on the machine code itself.

A kernel stack is small and has a guard page, not growth; one large frame may step over the guard. The prologues in
the objects are read after LLVM has inlined and laid out everything, so nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Mapping

from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import file_span
from compiler.link.frame_sizes import function_frame_sizes
from compiler.link.object_file import InputObject


def check_frames(objects: list[InputObject], limit: int, files: Mapping[str, str], sink: DiagnosticSink) -> None:
    """Report every function whose frame is larger than `limit` bytes. `files`: unit name → source file."""
    for one in objects:
        for symbol, size in function_frame_sizes([one]).items():
            if size > limit:
                sink.error(
                    "E0604",
                    file_span(files.get(one.name, one.name)),
                    f"the stack frame of `{symbol}` takes {size} bytes; the limit is {limit}",
                    suggestion="keep large data in a module-level array",
                )
