"""SystemExit is an exception."""

import sys

try:
    sys.exit(3)
except SystemExit as error:
    print("caught", error.code)
raise SystemExit(4)
