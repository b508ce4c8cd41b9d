"""A function is no variable."""


def run() -> None:
    print("run")


def other() -> None:
    global run
    run = other  # error: E0340 "run"


other()
