"""A constructor calls methods, overridden ones too."""


class Base:
    def __init__(self) -> None:
        self.log: list[str] = []
        self.setup()

    def setup(self) -> None:
        self.log.append("base")


class Derived(Base):
    def __init__(self) -> None:
        super().__init__()
        self.log.append("after")

    def setup(self) -> None:
        super().setup()
        self.log.append("derived")


print(Base().log, Derived().log)
