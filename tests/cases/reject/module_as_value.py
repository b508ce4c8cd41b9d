"""A module is no value."""
# mypy: accepts (a module is an object on CPython)

import sys

module = [sys]  # error: E0318 "sys"
