"""A list takes no format specification."""
# mypy: accepts (format() takes any object)

items = [1, 2]
print(f"{items:>10}")  # error: E0332 "items"
