"""A step that must happen exactly once: `BOOTED.begin()`. Rank 4.

For initialisers whose second call would corrupt what the first built. Safe against another CPU: the flag is exchanged.
"""

from __future__ import annotations

from kernel.debug.panic import panic
from runtime.lang import atomic_exchange, pointer_to, struct, u32


@struct
class OnceWord:
    """1 after the first `begin`."""

    begun: u32


class Once:
    """Make it a module-level constant: `PAGING = Once(zeroed(OnceWord))`."""

    def __init__(self, word: OnceWord) -> None:
        self.word: OnceWord = word

    def begin(self) -> None:
        """Panics the second time."""
        if atomic_exchange(pointer_to(self.word).cast(u32), 1) != 0:
            panic("an initialiser ran twice")

    def has_begun(self) -> bool:
        return self.word.begun != 0
