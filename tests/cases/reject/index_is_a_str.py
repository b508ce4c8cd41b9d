"""The index of a list is an integer."""

items = [1, 2]
print(items["0"])  # error: E0307 ""0""
