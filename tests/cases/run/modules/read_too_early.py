"""A function that reads a module's variable before its assignment raises NameError, whatever the variable's type."""

from __future__ import annotations

import sys


def make(n: int) -> int:
    return n + 1


def read_number() -> int:
    return number


def read_flag() -> bool:
    return flag


def read_text() -> str:
    return text


def read_optional() -> str | None:
    return optional


def attempt(which: int) -> None:
    try:
        match which:
            case 0:
                print(read_number())
            case 1:
                print(read_flag())
            case 2:
                print(read_text())
            case _:
                print(read_optional())
    except NameError as error:
        print(error)


for which in range(4):
    attempt(which)
number = make(len(sys.argv))
flag = make(len(sys.argv)) > 1
text = str(make(len(sys.argv)))
optional: str | None = text if flag else None
for which in range(4):
    attempt(which)
