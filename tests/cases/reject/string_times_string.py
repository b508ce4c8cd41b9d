"""A str is repeated by an int."""

print("ab" * "cd")  # error: E0314 ""ab" * "cd""
