"""A tuple has as many items as its type says."""

pair = (1, "one")
print(pair[2])  # error: E0324 "2"
