"""Operands, arguments and targets are evaluated left to right."""


def note(name: str, value: int) -> int:
    print(name, end=" ")
    return value


def items(name: str) -> list[int]:
    print(name, end=" ")
    return [1, 2, 3]


print(note("a", 1) + note("b", 2) * note("c", 3))
print(note("a", 1) < note("b", 2) < note("c", 3))
print(note("a", 5) < note("b", 2) < note("c", 3))
print([note("x", 1), note("y", 2)], (note("z", 3), note("w", 4)))
items("list")[note("index", 0)] = note("value", 9)
print()
items("first")[note("i", 1)] += note("more", 5)
print()
print(note("then", 1) if note("test", 0) else note("else", 2))
print(f"{note('f1', 1)} {note('f2', 2)}")
print(note("base", 2) ** note("exponent", 3), -note("neg", 1), items("sub")[note("at", 2)])
print(max(note("m1", 3), note("m2", 7)), items("s")[note("from", 0) : note("to", 2)])
