"""Lambdas are for a later stage."""
# mypy: accepts (a limit of this stage)


def apply(value: int) -> int:
    return (lambda x: x + 1)(value)  # error: E0301 "lambda x: x + 1"


print(apply(3))
