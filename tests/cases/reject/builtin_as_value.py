"""A builtin is called, not passed on, at this stage."""
# mypy: accepts (a limit of this stage)

show = len  # error: E0317 "len"
print(show("abc"))
