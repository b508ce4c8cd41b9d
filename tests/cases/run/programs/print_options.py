"""print with sep and end."""

print()
print("a", "b", sep="")
print("a", "b", sep=", ", end="!\n")
print(1, 2.5, True, None, "x", [1], (1, 2), sep="|")
print("no newline", end="")
print("", end="\n")
print("a\nb\tc", "é日😀")
print("x", end="")
print("y")
