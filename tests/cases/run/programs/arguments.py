"""sys.argv."""
# arguments: one two --flag=ä

import sys

print(len(sys.argv), sys.argv[1:])
for argument in sys.argv[1:]:
    print(argument, len(argument))
