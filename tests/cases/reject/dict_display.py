"""Dictionaries are for a later stage."""
# mypy: accepts (a limit of this stage)

ages = {"Ada": 36}  # error: E0301 "{"Ada": 36}"
print(len(ages))
