"""As many targets as values."""

one, two, three = (1, 2)  # error: E0347 "one, two, three"
print(one)
