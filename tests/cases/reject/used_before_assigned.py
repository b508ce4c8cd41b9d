"""A local is assigned before it is read."""
# mypy: accepts (unless its optional check is on)


def run() -> int:
    print(total)  # error: E0316 "total"
    total = 3
    return total


run()
