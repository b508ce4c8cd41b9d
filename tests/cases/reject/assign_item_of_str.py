"""A str cannot be changed."""

name = "abc"
name[0] = "x"  # error: E0314 "name[0]"
