"""What CPython cannot parse is refused."""
# mypy: elsewhere (its parser complains behind the opening bracket, as CPython 3.11 does not)

print("one"  # error: E0101 "("
