"""repr is the shortest text that reads back."""

for value in [0.0, -0.0, 1.0, 100.0, 1e15, 1e16, 1.5e16, 1e22, 1e23, 1e-4, 1e-5, 123456.789, 5e-324, 1.7976931348623157e308]:
    print(value, -value, str(value), repr(value))
print(float("1.5"), float("-1e3"), float(" 2.5 "), float("inf"), float("-inf"), float("nan"), float("1_0.5"))
for bad in ["", "x", "1.5.2", "e5"]:
    try:
        print(float(bad))
    except ValueError as error:
        print(error)
