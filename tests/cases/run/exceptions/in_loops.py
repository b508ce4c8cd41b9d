"""try inside loops and loops inside try."""

results: list[str] = []
for text in ["1", "x", "3", "", "5"]:
    try:
        value = int(text)
    except ValueError:
        results.append("bad")
        continue
    if value == 5:
        break
    results.append(str(value * 2))
print(results)
try:
    for n in [2, 1, 0, 5]:
        print(10 // n)
except ZeroDivisionError:
    print("stopped at", n)
