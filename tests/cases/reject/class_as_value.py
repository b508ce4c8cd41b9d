"""A class is called or named in annotations, not passed on, at this stage."""
# mypy: accepts (a limit of this stage)


class Counter:
    pass


kind = [Counter]  # error: E0318 "Counter"
