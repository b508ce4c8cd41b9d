"""A function whose stack frame is over the limit is named with its size; others are not."""

from __future__ import annotations

from compiler.codegen.machine import Optimisation, compile_text
from compiler.diagnostics.sink import DiagnosticSink
from compiler.frame_check import check_frames
from compiler.link.object_file import InputObject
from compiler.target import KERNEL

TEXT = """
target triple = "x86_64-unknown-none-elf"
declare void @look(ptr)
define void @large() "frame-pointer"="all" {
  %room = alloca [2000 x i8]
  call void @look(ptr %room)
  ret void
}
define void @small() "frame-pointer"="all" {
  %room = alloca [200 x i8]
  call void @look(ptr %room)
  ret void
}
"""


def test_only_the_large_frame_is_reported() -> None:
    built = compile_text(TEXT, KERNEL, Optimisation.FULL)
    sink = DiagnosticSink()
    check_frames([InputObject("kernel.unit", built.object)], 1024, {"kernel.unit": "kernel/unit.py"}, sink)
    (found,) = sink.diagnostics()
    assert found.code == "E0604"
    assert found.span.file == "kernel/unit.py"
    assert "`large` takes 2" in found.message
