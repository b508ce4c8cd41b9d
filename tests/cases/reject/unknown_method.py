"""A class has only the methods it defines."""

text = "abc"
print(text.uper())  # error: E0310 "uper"
