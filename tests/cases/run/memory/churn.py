"""Many objects made and dropped."""


class Node:
    def __init__(self, value: int, text: str) -> None:
        self.value = value
        self.text = text
        self.children: list[Node] = []


def build(depth: int) -> Node:
    node = Node(depth, "n" + str(depth))
    if depth:
        for _ in range(2):
            node.children.append(build(depth - 1))
    return node


def total(node: Node) -> int:
    return node.value + sum([total(child) for child in node.children])


result = 0
for _ in range(20):
    result += total(build(7))
print(result)
