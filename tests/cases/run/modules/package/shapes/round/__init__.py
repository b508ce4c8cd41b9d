"""A sub-package."""

from .circle import Circle as Circle

print("round")
