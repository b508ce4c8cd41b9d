"""Frames before and after, as the seed's commands report them: what does not come back is a leak.

The line of `mem` and the line behind every program. Frames of the kernel heap count too, so the count is taken when
nothing of the command's own is left.
"""

from __future__ import annotations

from kernel.console import console
from kernel.mm.physical_memory import allocated_frames, free_frames, total_frames


def show_frames() -> None:
    """`Frames: 21980 total, 4 allocated, 21976 free`"""
    console.line(f"Frames: {total_frames()} total, {allocated_frames()} allocated, {free_frames()} free")


def show_difference(before: int, after: int) -> None:
    """`Frames: before=18896, after=18896, reclaimed=0`"""
    console.line(f"Frames: before={before}, after={after}, reclaimed={after - before}")
