"""An annotation names a type."""
# mypy: accepts (the name is not defined: pyc reports E0201 or E0302, mypy agrees)


def double(value: integer) -> int:  # error: E0201 "integer"
    return 2


print(double(1))
