"""Module-level variables that functions change."""

count = 0
names: list[str] = []
limit: int | None = None


def visit(name: str) -> int:
    global count
    count += 1
    names.append(name)
    return count


def set_limit(value: int) -> None:
    global limit
    limit = value


visit("a")
print(visit("b"), count, names, limit)
set_limit(5)
print(limit)
if limit is not None:
    print(limit + 1)
