"""An int cannot be called."""

count = 3
print(count())  # error: E0330 "count"
