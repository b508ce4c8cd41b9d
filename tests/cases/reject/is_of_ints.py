"""`is` of numbers depends on the implementation."""
# mypy: accepts (a lint for others)

one = 300
other = 300
print(one is other)  # error: E0315 "one is other"
