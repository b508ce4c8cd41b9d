"""The items of a tuple have different types, so the index is a constant."""
# mypy: accepts (it makes a union of the items)

pair = (1, "one")
for index in range(2):
    print(pair[index])  # error: E0323 "index"
