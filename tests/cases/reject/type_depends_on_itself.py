"""The type of a module-level variable is found without itself."""


def following() -> int:
    return start


start = following() if following() else [start][0]  # error: E0320 "start"
