"""A field has one type in a class and its subclasses."""


class Base:
    value: int = 0


class Derived(Base):
    value: str = ""  # error: E0305 "value"


print(Derived().value)
