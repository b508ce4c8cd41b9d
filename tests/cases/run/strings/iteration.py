"""Loops over texts with enumerate, zip and reversed."""

for index, character in enumerate("aé日"):
    print(index, character, ord(character))
for one, other in zip("abc", "xy"):
    print(one + other)
for character in reversed("abc"):
    print(character, end="")
print()
print([c.upper() for c in "abc" if c != "b"], list("xyz"), sorted("hello"))
count = 0
for c in "mississippi":
    if c == "s":
        count += 1
print(count)
