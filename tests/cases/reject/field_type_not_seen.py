"""A field that is only ever None has no type."""
# mypy: accepts (its type is None)


class Node:
    def __init__(self, value: int) -> None:
        self.value = value
        self.next = None  # error: E0306 "self.next"


print(Node(3).value)
