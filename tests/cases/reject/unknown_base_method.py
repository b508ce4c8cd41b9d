"""super() reaches what a base class defines."""


class Base:
    pass


class Derived(Base):
    def show(self) -> None:
        super().show()  # error: E0310 "show"


Derived().show()
