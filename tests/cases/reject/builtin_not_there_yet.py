"""A builtin that is not there yet is not called undefined."""
# mypy: accepts (it knows the builtin)


class Base:
    @property
    def size(self) -> int:
        return 1


class Derived(Base):
    @property
    def size(self) -> int:
        return super().size + 1  # error: E0301 "super"


def texts(words: list[str]) -> str:
    return " ".join(reversed(words))  # error: E0301 "reversed"


def data() -> bytes:
    return bytes(range(3))  # error: E0301 "range"


def shown() -> str:
    return ascii("é")  # error: E0301 "ascii"
