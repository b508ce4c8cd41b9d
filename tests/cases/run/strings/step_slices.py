"""Slices with a step."""

text = "abcdefgh"
print(text[::2], text[1::3], text[::-1], text[5:1:-1], text[-2::-2], text[:3:-1], text[10::-3])
