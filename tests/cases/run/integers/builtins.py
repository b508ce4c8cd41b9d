"""abs, min, max, sum, divmod, pow, round on ints."""

print(abs(-3), abs(3), abs(0), min(3, 1, 2), max(3, 1, 2), min([5, 4]), max([5, 4]))
print(sum([1, 2, 3]), divmod(-7, 2), pow(2, 5), round(7))
print(sum([9223372036854775807, -5, 4]))
