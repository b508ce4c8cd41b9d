"""`-` is not defined for lists."""

print([1, 2] - [1])  # error: E0314 "[1, 2] - [1]"
