"""strip, lstrip, rstrip, replace."""

text = "  \t spam  \n"
print(repr(text.strip()), repr(text.lstrip()), repr(text.rstrip()), "xxaxx".strip("x"), "abcba".strip("ab"), "".strip())
print("banana".replace("a", "o"), "banana".replace("an", ""), "aaa".replace("aa", "b"), "abc".replace("x", "y"), "abc".replace("", "-"))
