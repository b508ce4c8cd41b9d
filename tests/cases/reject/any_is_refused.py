"""Every value has one known type."""
# mypy: accepts (Any is its own)

from typing import Any


def show(value: Any) -> None:  # error: E0302 "Any"
    print("value")
