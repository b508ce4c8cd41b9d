"""int() of floats truncates; float() of ints."""

print(int(2.9), int(-2.9), int(0.5), int(1e15), float(3), float(True), round(2.5), round(3.5), round(-2.5), round(2.4))
for value in [float("inf"), float("nan")]:
    try:
        print(int(value))
    except (OverflowError, ValueError) as error:
        print(error)
print(bool(0.0), bool(0.1), bool(float("nan")))
