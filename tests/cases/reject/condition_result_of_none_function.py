"""A function without a result gives no value."""


def show() -> None:
    print("shown")


print(show() + 1)  # error: E0314 "show() + 1"
