"""SystemExit with a text writes it to stderr."""

print("out")
raise SystemExit("wrong usage")
