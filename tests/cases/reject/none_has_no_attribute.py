"""What may be None is tested before its attributes are used."""


class Node:
    def __init__(self, value: int) -> None:
        self.value = value
        self.next: Node | None = None


def second(node: Node) -> int:
    return node.next.value  # error: E0308 "node.next"


print(second(Node(1)))
