"""A variable keeps the type of its first assignment."""

count = 1
count = "one"  # error: E0307 ""one""
print(count)
