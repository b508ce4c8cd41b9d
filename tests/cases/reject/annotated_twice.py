"""A variable is declared once."""


def run() -> None:
    count: int = 1
    count: str = "one"  # error: E0342 "count"
    print(count)


run()
