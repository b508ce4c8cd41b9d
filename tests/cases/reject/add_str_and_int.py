"""`+` of a str and an int is a TypeError on CPython."""

count = 3
print("n = " + count)  # error: E0314 ""n = " + count"
