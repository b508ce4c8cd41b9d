"""A function that is declared not to return does not."""

from typing import NoReturn


def stop() -> NoReturn:
    return  # error: E0355 "return"


stop()
