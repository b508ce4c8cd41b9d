"""A name is bound somewhere."""

total = 3
print(totl)  # error: E0201 "totl"
