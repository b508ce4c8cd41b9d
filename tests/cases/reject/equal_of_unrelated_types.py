"""`==` between types that never compare equal is a slip."""

count = 3
print(count == "3")  # error: E0314 "count == "3""
