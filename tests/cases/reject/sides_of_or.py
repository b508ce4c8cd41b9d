"""The two sides of `or` have one type."""
# mypy: accepts (it makes a union of the two)

name = ""
shown = name or 7  # error: E0309 "name or 7"
print(shown)
