"""Imported by both."""

from __future__ import annotations

NOTES: list[str] = []
print("shared runs", len(NOTES))
