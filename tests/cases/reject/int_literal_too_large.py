"""An int has 64 bits."""
# mypy: accepts (CPython's ints are unbounded)

print(9223372036854775808)  # error: E0501 "9223372036854775808"
