"""A naked function is assembly alone."""
# mypy: accepts (a rule of the machine vocabulary)

from runtime.lang import naked


@naked
def start() -> None:  # error: E0338 "start"
    print("hello")


start()
