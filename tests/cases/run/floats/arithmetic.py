"""Float arithmetic and mixed int and float."""

for a in [0.0, 1.5, -2.25, 1e10, 0.1]:
    for b in [1.0, -0.5, 3.0]:
        print(a + b, a - b, a * b, a / b, a // b, a % b, a < b, a == b)
print(1 + 0.5, 3 * 0.1, 7 / 2, 6 / 3, -7 // 2.0, 7 % -2.5)
print(0.1 + 0.2, 1 / 3, 2 / 3, 100 * 1.1)
