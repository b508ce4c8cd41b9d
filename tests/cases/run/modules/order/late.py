"""Imported by a function."""

from __future__ import annotations

from shared import NOTES

NAME = "late"
print("late runs", len(NOTES), NOTES[0])
NOTES.append(NAME)
