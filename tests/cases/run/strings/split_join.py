"""split, splitlines, partition, join."""

print("a,b,,c".split(","), "a b  c ".split(), "  ".split(), "".split(","), "abc".split("x"), "a--b--c".split("--"))
print("one\ntwo\r\nthree\n".splitlines(), "".splitlines(), "a=b=c".partition("="), "abc".partition("="))
print(",".join(["a", "b", "c"]), "".join(["x", "y"]), "-".join([]), "-".join(["one"]))
try:
    print("abc".split(""))
except ValueError as error:
    print(error)
