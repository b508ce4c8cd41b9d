"""super() stands in a method."""


def run() -> None:
    super().run()  # error: E0329 "super()"


run()
