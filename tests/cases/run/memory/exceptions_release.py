"""Objects are released when an exception leaves a function."""


class Resource:
    alive = 0

    def __init__(self, name: str) -> None:
        self.name = name


def use(n: int) -> str:
    resource = Resource("r" + str(n))
    parts = [resource.name, str(n)]
    if n % 3 == 0:
        raise ValueError("".join(parts))
    return "-".join(parts)


for n in range(6):
    try:
        print(use(n))
    except ValueError as error:
        print("error", error)
