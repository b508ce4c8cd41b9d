"""else of loops, with break and continue."""


def search(items: list[int], wanted: int) -> str:
    for item in items:
        if item == wanted:
            break
    else:
        return "missing"
    return "found"


print(search([1, 2], 2), search([1, 2], 3), search([], 1))
n = 0
while n < 5:
    n += 1
    if n == 2:
        continue
    if n == 4:
        break
    print(n)
else:
    print("never")
while n > 0:
    n -= 1
else:
    print("else", n)
for i in range(3):
    for j in range(3):
        if j == 1:
            continue
        if i == 2:
            break
        print(i, j)
    else:
        print("inner done", i)
print(i, j)
