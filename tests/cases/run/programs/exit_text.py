"""sys.exit with a text writes it to stderr."""

import sys

print("out")
sys.exit("wrong usage")
