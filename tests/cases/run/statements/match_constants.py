"""match on ints, texts and several values."""


def number(n: int) -> str:
    match n:
        case 0:
            return "zero"
        case 1 | 2 | 3:
            return "few"
        case -1:
            return "minus one"
        case _:
            return "many"


def word(text: str) -> int:
    match text:
        case "one":
            return 1
        case "two" | "zwei":
            return 2
    return 0


def guarded(n: int) -> str:
    match n:
        case x if x < 0:
            return f"negative {x}"
        case 0:
            return "zero"
        case other:
            return f"positive {other}"


print([number(n) for n in [0, 1, 3, 9, -1]], [word(w) for w in ["one", "two", "zwei", "x"]])
print([guarded(n) for n in [-5, 0, 5]])
