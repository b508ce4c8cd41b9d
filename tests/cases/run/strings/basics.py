"""Length, indexing, slicing, concatenation, repetition."""

text = "hello, world"
print(len(text), text[0], text[-1], text[4], text[0:5], text[7:], text[:5], text[-5:], text[:], text[3:3], text[9:2])
print(text + "!", text * 2, 3 * "ab", "x" * 0, "x" * -1, "" + "")
print(text[100:], text[-100:3], text[2:100])
print("ell" in text, "xyz" in text, "" in text, "z" not in text)
for character in "abc":
    print(character, end="|")
print()
try:
    print(text[100])
except IndexError as error:
    print(error)
