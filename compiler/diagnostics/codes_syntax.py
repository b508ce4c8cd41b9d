"""E01xx: source that is not Python, and Python that the language refuses for ever."""

from __future__ import annotations

from compiler.diagnostics.code_entry import CodeEntry

SYNTAX_CODES: tuple[CodeEntry, ...] = (
    CodeEntry(
        "E0101",
        "the source is not valid Python",
        "CPython's own parser and compiler reject the file. Everything pyc compiles must first be Python.",
        wrong="def area(width: int, height: int) -> int\n    return width * height",
        right="def area(width: int, height: int) -> int:\n    return width * height",
    ),
    CodeEntry(
        "E0102",
        "the source is not readable text",
        """
        A source file is UTF-8, with or without a byte order mark, unless its first two lines name another encoding
        as PEP 263 describes. Null bytes have no place in it.
        """,
        wrong="# -*- coding: latin-99 -*-\nprint('hello')",
        right="# -*- coding: latin-1 -*-\nprint('hello')",
    ),
    CodeEntry(
        "E0103",
        "the source is nested too deeply",
        "An expression or a block is nested so deeply that CPython's parser or pyc gives up.",
        wrong="total = 1 + 1 + 1 + 1  # … and some thousands more in one expression",
        right="total = 0\nfor _ in range(5000):\n    total += 1",
    ),
    CodeEntry(
        "E0104",
        "a number has too many decimal digits",
        "CPython refuses decimal literals of more than 4300 digits. An int of the language has 64 bits in any case.",
        wrong="limit = 9999999999  # … with more than 4300 digits",
        right="limit = 0x7FFF_FFFF_FFFF_FFFF",
    ),
    CodeEntry(
        "E0110",
        "coroutines are not part of the language",
        """
        `async` and `await` need an event loop that drives them, and a program here has nothing under it. A generator
        gives the same control flow and says who drives it.
        """,
        wrong="async def ticks() -> None:\n    await pause()",
        right="from collections.abc import Iterator\n\ndef ticks() -> Iterator[None]:\n    yield",
    ),
    CodeEntry(
        "E0111",
        "star imports are not part of the language",
        "Which names `from module import *` binds is known only after the other module ran.",
        wrong="from os import *",
        right="from os import getpid, read",
    ),
    CodeEntry(
        "E0112",
        "metaclasses are not part of the language",
        """
        A metaclass builds a class while the program runs. Here a class is a memory layout and a table of methods,
        fixed when the program is compiled.
        """,
        wrong="from abc import ABCMeta\n\nclass Shape(metaclass=ABCMeta):\n    pass",
        right="from abc import ABC\n\nclass Shape(ABC):\n    pass",
    ),
    CodeEntry(
        "E0113",
        "attributes cannot be deleted",
        "The fields of an object are its memory layout; one cannot go away while the object lives.",
        wrong="del node.parent",
        right="node.parent = None",
    ),
    CodeEntry(
        "E0114",
        "source text cannot be run by the program",
        "`eval`, `exec`, `compile` and `__import__` need a compiler at run time. There is none in the program.",
        wrong="result = eval('2 + 3')",
        right="result = 2 + 3",
    ),
    CodeEntry(
        "E0115",
        "variables are not a dictionary",
        "Variables become registers and fixed addresses, so `globals`, `locals` and `vars` have nothing to give.",
        wrong="globals()['count'] = 1",
        right="counts: dict[str, int] = {}\ncounts['count'] = 1",
    ),
    CodeEntry(
        "E0116",
        "attributes cannot be chosen by a computed name",
        "The fields of an object are fixed at compile time. With a constant name `getattr` is ordinary access.",
        wrong="value = getattr(settings, name)",
        right="values: dict[str, int] = {'width': 80}\nvalue = values[name]",
    ),
    CodeEntry(
        "E0117",
        "attribute hooks are not part of the language",
        """
        Attribute access is compiled to an offset or a direct call. `__getattr__`, `__getattribute__`, `__setattr__`
        and `__delattr__` would have to be asked each time instead.
        """,
        wrong="class Lazy:\n    def __getattr__(self, name: str) -> int:\n        return 0",
        right="class Lazy:\n    @property\n    def size(self) -> int:\n        return 0",
    ),
    CodeEntry(
        "E0118",
        "syntax newer than this version of pyc",
        "The Python that runs pyc parses this construct, but pyc does not know it yet.",
        wrong="greeting = t'hello {name}'",
        right="greeting = f'hello {name}'",
    ),
)
