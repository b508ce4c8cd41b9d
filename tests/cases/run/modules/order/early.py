"""Imported at the top of main, after a statement."""

from __future__ import annotations

from shared import NOTES

NAME = "early"
print("early runs", len(NOTES))
NOTES.append(NAME)
