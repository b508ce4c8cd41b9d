"""sys.exit with a text writes it to stderr and ends with status 1."""

from __future__ import annotations

import sys

print("before")
sys.exit("the end")
