"""if, elif, else and conditional expressions."""


def grade(score: int) -> str:
    if score >= 90:
        return "A"
    elif score >= 80:
        return "B"
    elif score >= 70:
        return "C"
    else:
        return "F"


def sign(n: int) -> int:
    return 1 if n > 0 else -1 if n < 0 else 0


print([grade(s) for s in [95, 85, 75, 5]], [sign(n) for n in [5, -5, 0]])
if True:
    print("always")
if False:
    print("never")
