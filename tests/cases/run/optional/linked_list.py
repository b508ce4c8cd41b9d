"""A linked list that is built, reversed and taken apart."""


class Node:
    def __init__(self, value: int) -> None:
        self.value = value
        self.next: Node | None = None


class Chain:
    def __init__(self) -> None:
        self.head: Node | None = None
        self.size = 0

    def push(self, value: int) -> None:
        node = Node(value)
        node.next = self.head
        self.head = node
        self.size += 1

    def pop(self) -> int:
        if self.head is None:
            raise IndexError("empty chain")
        node = self.head
        self.head = node.next
        self.size -= 1
        return node.value

    def reverse(self) -> None:
        previous: Node | None = None
        current = self.head
        while current is not None:
            following = current.next
            current.next = previous
            previous = current
            current = following
        self.head = previous

    def text(self) -> str:
        parts: list[str] = []
        node = self.head
        while node is not None:
            parts.append(str(node.value))
            node = node.next
        return " -> ".join(parts)


chain = Chain()
for number in range(6):
    chain.push(number)
print(chain.text())
chain.reverse()
print(chain.text(), chain.size)
while chain.size:
    print(chain.pop(), end=" ")
print()
try:
    chain.pop()
except IndexError as error:
    print(error)
