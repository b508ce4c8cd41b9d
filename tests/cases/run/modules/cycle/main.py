"""Two modules that import each other."""

import first

print(first.double_next(3))
