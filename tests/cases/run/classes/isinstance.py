"""isinstance narrows, also through `object`."""


class Base:
    pass


class One(Base):
    def __init__(self) -> None:
        self.one = 1


class Two(Base):
    def __init__(self) -> None:
        self.two = 2


class OneMore(One):
    pass


def show(value: Base | None) -> str:
    if isinstance(value, One):
        return f"one {value.one}"
    if isinstance(value, Two):
        return f"two {value.two}"
    return "base" if value is not None else "none"


print(show(Base()), show(One()), show(Two()), show(OneMore()), show(None))
values: list[Base] = [One(), Two()]
print([isinstance(v, Base) for v in values], [not isinstance(v, One) for v in values])
