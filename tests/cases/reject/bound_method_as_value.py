"""A bound method is called, not passed on, at this stage."""
# mypy: accepts (a limit of this stage)


class Counter:
    def step(self) -> int:
        return 1


step = Counter().step  # error: E0317 "step"
print(step())
