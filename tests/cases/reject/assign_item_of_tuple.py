"""A tuple cannot be changed."""

pair = (1, 2)
pair[0] = 3  # error: E0345 "pair[0]"
