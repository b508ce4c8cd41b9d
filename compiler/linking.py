"""What the linker must know of the language: which image a target is, and how symbols read in a traceback."""

from __future__ import annotations

import re

from compiler.link.object_file import ImageKind, LinkOptions
from compiler.options import BuildOptions
from compiler.target import TargetSpec

KINDS = {"program": ImageKind.LINUX_ELF, "uefi": ImageKind.UEFI_PE, "kernel": ImageKind.KERNEL_PE}
TYPE_ARGUMENTS = re.compile(r"\[.*\]")


def image_kind(target: TargetSpec) -> ImageKind:
    """The image format of a target."""
    return KINDS[target.name]


def link_options(options: BuildOptions) -> LinkOptions:
    """One build's link."""
    return LinkOptions(
        image_kind(options.target),
        entry_symbol=options.target.entry_symbol,
        strip=options.strip,
        debug_file=options.target.name == "kernel",
        display_name=display_name,
    )


def display_name(symbol: str) -> str:
    """`kernel.mm.frames.FrameAllocator.allocate` as CPython's traceback would say it: `allocate`."""
    plain = TYPE_ARGUMENTS.sub("", symbol)
    if plain.startswith("module."):
        return "<module>"
    return plain.removesuffix(".setter").rpartition(".")[2]
