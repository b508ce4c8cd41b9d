"""All comparisons, chained too."""

for a in [-1, 0, 1]:
    for b in [-1, 0, 1]:
        print(a < b, a <= b, a > b, a >= b, a == b, a != b)
x = 5
print(1 < x < 10, 1 < x < 3, 10 > x >= 5 == 5, 1 < 2 < 3 < 4 < 4)
