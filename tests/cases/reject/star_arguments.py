"""Starred parameters are for a later stage."""
# mypy: accepts (a limit of this stage)


def total(*values: int) -> int:  # error: E0301 "values: int"
    return 0


print(total())
