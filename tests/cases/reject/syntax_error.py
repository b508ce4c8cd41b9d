"""What CPython cannot parse is refused."""

print("one"  # error: E0101 "("
