"""str and repr of objects, inherited too."""


class Named:
    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return "named " + self.name


class Shown(Named):
    def __repr__(self) -> str:
        return f"Shown({self.name!r})"


class Both(Shown):
    def __str__(self) -> str:
        return super().__str__() + "?"


print(Named("a"), Shown("b"), repr(Shown("b")), [Shown("c")], Both("d"), repr(Both("e")), f"{Both('f')!r:>12}|")
items: list[Named] = [Named("x"), Both("y")]
for item in items:
    print(item)
