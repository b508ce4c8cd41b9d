"""Typed function pointers."""

from __future__ import annotations
from collections.abc import Callable
from typing import Any, Protocol


class FunctionPointer(Protocol):
    """Base of a declared function type: ``class Reset(FunctionPointer, Protocol)`` with one ``__call__``."""


def function_address(function: Callable[..., Any]) -> int:
    raise NotImplementedError
