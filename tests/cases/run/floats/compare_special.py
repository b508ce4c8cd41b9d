"""Comparisons with nan and infinities."""

nan = float("nan")
inf = float("inf")
print(nan == nan, nan != nan, nan < 1.0, nan > 1.0, nan <= nan)
print(inf > 1e308, -inf < inf, inf == inf, inf - inf == 0.0, 0.0 == -0.0)
print(1 == 1.0, 2 < 2.5, 3 >= 3.0)
print(min(1.5, 0.5), max(1.5, 0.5), abs(-2.5), sum([0.5, 0.25]))
