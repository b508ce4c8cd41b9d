"""What lowering is told besides the typed tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LoweringOptions:
    """`entry_symbol`: where the image starts. `file_of`: module → source path, where it differs from the spans'
    file."""

    is_kernel: bool
    entry_symbol: str
    embedded: Mapping[str, bytes] = field(default_factory=dict)
    file_of: Mapping[str, str] = field(default_factory=dict)
