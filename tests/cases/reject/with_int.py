"""A context manager has `__enter__` and `__exit__`."""

with 3:  # error: E0353 "3"
    print("body")
