"""Arguments are evaluated in the order of the text, whatever their names."""


def noted(value: int) -> int:
    print("evaluating", value)
    return value


def show(first: int, second: int, third: int) -> None:
    print("first", first, "second", second, "third", third)


show(noted(1), noted(2), noted(3))
show(third=noted(3), first=noted(1), second=noted(2))
show(noted(1), third=noted(3), second=noted(2))
