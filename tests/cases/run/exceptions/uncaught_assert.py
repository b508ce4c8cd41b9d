"""A failed assertion ends the program."""


def check(n: int) -> None:
    assert n < 3, f"n is {n}"


for n in range(5):
    print(n)
    check(n)
