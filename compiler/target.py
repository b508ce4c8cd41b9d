"""The three things a build can be for: a Linux-ABI program, a UEFI application, the kernel image.

A noun. It says what differs between them below the language: processor features, code model, entry symbol. The
language's own differences (no float in the kernel) are told by `profile`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Profile(Enum):
    """What the language allows itself."""

    PROGRAM = "program"
    KERNEL = "kernel"


class ImageFormat(Enum):
    ELF = "elf"
    PE = "pe"


@dataclass(frozen=True, slots=True)
class TargetSpec:
    """One target. `position_independent`: loaded anywhere, so every address is RIP-relative or relocated at load."""

    name: str
    profile: Profile
    format: ImageFormat
    entry_symbol: str
    position_independent: bool
    base_address: int
    red_zone: bool
    features: str
    """LLVM's comma-separated list; empty: baseline x86-64 with SSE2."""
    frame_limit: int | None
    """Bytes; a function with a larger frame is refused (link/frame_sizes.py measures them)."""
    triple: str = "x86_64-unknown-none-elf"
    """System V ELF objects everywhere; the linker makes PE."""
    code_model: str = "small"
    processor: str = "x86-64"


NO_VECTOR_REGISTERS = "-mmx,-sse,-sse2,-avx,+soft-float"
"""Interrupt entry saves no vector registers, so nothing of the kernel may use them."""

PROGRAM = TargetSpec(
    name="program",
    profile=Profile.PROGRAM,
    format=ImageFormat.ELF,
    entry_symbol="_start",
    position_independent=False,
    base_address=0x400000,
    red_zone=True,
    features="",
    frame_limit=None,
)

UEFI = TargetSpec(
    name="uefi",
    profile=Profile.KERNEL,
    format=ImageFormat.PE,
    entry_symbol="efi_main",
    position_independent=True,
    base_address=0,
    red_zone=False,
    features=NO_VECTOR_REGISTERS,
    frame_limit=None,
)

KERNEL = TargetSpec(
    name="kernel",
    profile=Profile.KERNEL,
    format=ImageFormat.PE,
    entry_symbol="efi_main",
    position_independent=True,
    base_address=0,
    red_zone=False,
    features=NO_VECTOR_REGISTERS,
    frame_limit=1024,
)

TARGETS = {target.name: target for target in (PROGRAM, UEFI, KERNEL)}
