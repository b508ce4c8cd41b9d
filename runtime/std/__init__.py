"""The standard library: Python's own module names with CPython's results, written in the subset."""
