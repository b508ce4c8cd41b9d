"""An int is no sequence."""

for item in 3:  # error: E0349 "3"
    print(item)
