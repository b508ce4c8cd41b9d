"""As many targets as values."""

one, two = (1, 2, 3)  # error: E0347 "one, two"
print(one)
