"""The bounds of a range are integers."""

for index in range("3"):  # error: E0307 ""3""
    print(index)
