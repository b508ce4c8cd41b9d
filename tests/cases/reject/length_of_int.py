"""An int has no length."""

count = 3
print(len(count))  # error: E0314 "len(count)"
