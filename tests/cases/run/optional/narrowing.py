"""Tests that tell whether a value is there."""


class Node:
    def __init__(self, value: int, next: "Node | None" = None) -> None:
        self.value = value
        self.next = next


def length(node: Node | None) -> int:
    count = 0
    while node is not None:
        count += 1
        node = node.next
    return count


def describe(text: str | None) -> str:
    if text is None:
        return "nothing"
    return text.upper()


def either(text: str | None) -> str:
    return text if text is not None else "default"


def both(a: int | None, b: int | None) -> int:
    if a is not None and b is not None:
        return a + b
    if a is None or b is None:
        return -1
    return 0


def early(value: int | None) -> int:
    if not value:
        return 0
    return value + 1


def asserted(value: int | None) -> int:
    assert value is not None
    return value * 2


chain = Node(1, Node(2, Node(3)))
print(length(chain), length(None))
print(describe("abc"), describe(None), either(None), either("x"), both(1, 2), both(None, 2), early(0), early(5), early(None))
print(asserted(4))
if chain.next is not None and chain.next.next is not None:
    print(chain.next.next.value)
x: int | None = None
print(x, x is None)
x = 5
print(x + 1, x is None)
print([describe(t) for t in ["a", None]])
