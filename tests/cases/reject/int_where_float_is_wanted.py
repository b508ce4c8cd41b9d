"""An int given where a float is declared would print otherwise than on CPython."""
# mypy: accepts (it promotes int to float)


def area(side: float) -> float:
    return side * side


size = 3
print(area(size))  # error: E0307 "size"
