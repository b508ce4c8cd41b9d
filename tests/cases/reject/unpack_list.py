"""The length of a list is not known to the compiler."""
# mypy: accepts (a limit of this stage)

one, two = [1, 2]  # error: E0346 "one, two"
print(one)
