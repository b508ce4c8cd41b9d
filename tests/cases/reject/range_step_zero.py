"""A range goes somewhere."""
# mypy: accepts (a ValueError on CPython)

for index in range(0, 3, 0):  # error: E0350 "0"
    print(index)
