"""ljust, rjust, center, zfill."""

for text in ["", "a", "ab", "abcdef"]:
    print("[" + text.ljust(5) + "]", "[" + text.rjust(5) + "]", "[" + text.center(5) + "]", "[" + text.zfill(5) + "]")
print("-5".zfill(4), "+5".zfill(4), "x".ljust(3, "."), "x".rjust(3, "*"), "x".center(4, "-"))
