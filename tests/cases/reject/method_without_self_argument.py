"""A method called on the class lacks its receiver."""


class Counter:
    def step(self) -> int:
        return 1


print(Counter.step())  # error: E0311 "Counter.step()"
