"""Local lists that begin empty get their item type from the first thing put into them."""

from __future__ import annotations


def f(n: int) -> list[int]:
    items = []
    for i in range(n):
        items.append(i * i)
    return items


def g(words: list[str]) -> int:
    out = []
    stack = list()
    for w in words:
        if len(w) > 2:
            stack.append([w])
        out.extend([len(w)])
    total = 0
    for s in stack:
        total += len(s[0])
    return total + sum(out)


print(f(5), g(["a", "abc", "abcd"]))
