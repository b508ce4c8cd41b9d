"""repr chooses quotes and escapes."""

for text in ["plain", "it's", 'say "hi"', "both ' and \"", "tab\t", "new\nline", "back\\slash", "\0\x1f\x7f", "é", "\u2028", "\U0001f600", ""]:
    print(repr(text), text == text)
print([1, 2], ["a", "b'c"], ("x", 1), [None, None], [True], [1.5])
