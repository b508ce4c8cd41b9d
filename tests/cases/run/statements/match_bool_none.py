"""match on True, False and None."""


def show(flag: bool) -> str:
    match flag:
        case True:
            return "yes"
        case False:
            return "no"


def maybe(value: int | None) -> str:
    match value:
        case None:
            return "none"
        case 5:
            return "five"
        case _:
            return "other"


print(show(True), show(False), maybe(None), maybe(5), maybe(6))
