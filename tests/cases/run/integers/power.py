"""`**` and pow with ints."""

for base in [0, 1, 2, -2, 3, -3, 10]:
    for exponent in [0, 1, 2, 3, 15]:
        print(base**exponent, end=" ")
    print()
print(pow(2, 62), pow(-2, 63), pow(7, 3), pow(3, 200, 1000007), pow(2, 1000, 97))
