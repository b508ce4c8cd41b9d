"""and, or, not give their operands; conditions take any type."""


def noted(name: str, value: bool) -> bool:
    print("test", name)
    return value


print(noted("a", True) and noted("b", False))
print(noted("c", False) and noted("d", True))
print(noted("e", True) or noted("f", True))
print(noted("g", False) or noted("h", False))
print(not noted("i", True), True and not False)
name = ""
print(name or "nobody", "x" and "y", 0 or 5, 3 and 0)
print(True + True, True * 3, -True, True == 1, True < 2, True & False, True | False, True ^ True)
print(bool(0), bool(-1), bool(""), bool("a"), bool([0]))
