"""The object core: text, lists, numbers as text, exceptions, output and the allocator, written in the subset.

Built-in types are ordinary classes tied to Python's names by ``builtin_class``. Modules here refer to each other's
types by Python's own names (``str``, ``list[str]``), so that imports go one way: memory and units at the bottom,
strings above them, everything that talks to people on top.
"""
