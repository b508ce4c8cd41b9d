"""A class without a constructor takes no arguments."""


class Empty:
    pass


print(Empty(1) is None)  # error: E0311 "Empty(1)"
