"""The loaded image as CPython sees it: symbols of the linker and files embedded at build time, set by tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from runtime.host.errors import NotSimulated


@dataclass(slots=True)
class SimulatedImage:
    """What `linker_symbol` and `embedded_file` find."""

    symbols: dict[str, int] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def symbol(self, name: str) -> int:
        """The address of a symbol."""
        if name not in self.symbols:
            raise NotSimulated(f"no symbol {name!r}: set runtime.host.image.image.symbols[{name!r}]")
        return self.symbols[name]

    def file(self, name: str) -> bytes:
        """The content of an embedded file."""
        if name not in self.files:
            raise NotSimulated(f"no embedded file {name!r}: set runtime.host.image.image.files[{name!r}]")
        return self.files[name]


image: Final = SimulatedImage()
