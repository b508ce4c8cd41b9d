"""A function is no variable."""
# mypy: accepts (it lets a function of the same type take the name)


def run() -> None:
    print("run")


def other() -> None:
    global run
    run = other  # error: E0340 "run"


other()
