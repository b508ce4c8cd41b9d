"""An int has no items."""

count = 3
print(count[0])  # error: E0314 "count[0]"
