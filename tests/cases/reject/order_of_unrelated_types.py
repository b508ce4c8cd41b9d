"""`<` between a str and an int is a TypeError on CPython."""

count = 3
print(count < "4")  # error: E0314 "count < "4""
