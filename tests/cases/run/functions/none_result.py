"""A function without a return gives None."""


def quiet() -> None:
    pass


def early(flag: bool) -> None:
    if flag:
        print("early")
        return
    print("late")


def maybe(flag: bool) -> int | None:
    if flag:
        return 3
    return None


early(True)
early(False)
quiet()
print(maybe(True), maybe(False))
