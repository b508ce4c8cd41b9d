"""A field whose first value needs inference is declared."""
# mypy: accepts (it infers through the call)


def compute(value: int) -> list[int]:
    return [value]


class Holder:
    def __init__(self) -> None:
        for number in range(3):
            self.last = compute(number)[0]  # error: E0306 "self.last"


print(Holder().last)
