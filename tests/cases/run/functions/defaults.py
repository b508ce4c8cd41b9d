"""Defaults fill in what a call leaves out."""


def area(width: int, height: int = 2, depth: int = 3) -> int:
    return width * height * depth


def greet(name: str = "world", *, loud: bool = False) -> str:
    return ("HELLO " if loud else "hello ") + name


print(area(1), area(1, 5), area(1, 5, 7))
print(area(1, depth=10), area(width=4, depth=1, height=2))
print(greet(), greet("you"), greet(loud=True), greet("all", loud=True))
