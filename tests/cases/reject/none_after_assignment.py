"""An assignment in a loop takes a narrowing back."""


class Node:
    def __init__(self) -> None:
        self.next: Node | None = None


def last(node: Node) -> Node:
    current: Node | None = node
    while current is not None:
        current = current.next
    print(current.next)  # error: E0308 "current"
    return node


print(last(Node()) is None)
