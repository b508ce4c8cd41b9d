"""enumerate, zip, reversed, range in loops."""

for i, name in enumerate(["a", "b"], 5):
    print(i, name)
for a, b in zip([1, 2, 3], ["x", "y"]):
    print(a, b)
for n in reversed(range(3)):
    print(n, end=" ")
for n in reversed([1, 2, 3]):
    print(n, end=" ")
for n in range(10, 0, -3):
    print(n, end=" ")
for n in range(5, 5):
    print("never")
print(list(range(4)), list(range(2, 9, 3)))
