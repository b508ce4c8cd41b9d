"""A name assigned in a function is local to it."""

count = 10


def local() -> int:
    count = 1
    count += 1
    return count


def reader() -> int:
    return count + 1


print(local(), reader(), count)
