"""One row of the registry of diagnostic codes."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A stable code with its title, the reason for the rule, a program that breaks it and one that keeps it."""

    code: str
    title: str
    explanation: str
    wrong: str = ""
    right: str = ""

    def explanation_text(self) -> str:
        """The whole entry as `--explain` prints it."""
        parts = [f"{self.code}: {self.title}", textwrap.dedent(self.explanation).strip()]
        if self.wrong:
            parts.append("Wrong:\n\n" + _indented(self.wrong))
        if self.right:
            parts.append("Right:\n\n" + _indented(self.right))
        return "\n\n".join(parts) + "\n"


def _indented(program: str) -> str:
    return textwrap.indent(textwrap.dedent(program).strip(), "    ")
