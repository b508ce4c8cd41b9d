"""A local variable keeps the type of its first assignment."""


def run() -> None:
    count = 1
    count = "one"  # error: E0307 ""one""
    print(count)


run()
