"""Fields declared in the body and in the constructor."""


class Counter:
    step: int = 2
    name: str

    def __init__(self, name: str, start: int = 0) -> None:
        self.name = name
        self.value = start
        self.history: list[int] = []

    def advance(self, times: int = 1) -> "Counter":
        for _ in range(times):
            self.value += self.step
            self.history.append(self.value)
        return self


one = Counter("one")
two = Counter("two", 100)
one.step = 5
one.advance(2).advance()
two.advance()
print(one.name, one.value, one.history, two.name, two.value, two.step, one.step)
