"""A module has only the names it binds."""

import sys

print(sys.argumentz)  # error: E0203 "argumentz"
