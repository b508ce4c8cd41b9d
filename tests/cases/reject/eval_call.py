"""There is no compiler in the program."""
# mypy: accepts (eval gives Any)

print(eval("1 + 2"))  # error: E0114 "eval"
