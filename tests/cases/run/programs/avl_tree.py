"""A balanced tree with deletion; its depth and order are checked after each change."""

from __future__ import annotations


class Node:
    def __init__(self, key: int, value: str) -> None:
        self.key = key
        self.value = value
        self.height = 1
        self.left: Node | None = None
        self.right: Node | None = None


def height(node: Node | None) -> int:
    return node.height if node else 0


def update(node: Node) -> Node:
    node.height = 1 + max(height(node.left), height(node.right))
    return node


def rotate_right(node: Node) -> Node:
    top = node.left
    assert top is not None
    node.left = top.right
    top.right = update(node)
    return update(top)


def rotate_left(node: Node) -> Node:
    top = node.right
    assert top is not None
    node.right = top.left
    top.left = update(node)
    return update(top)


def balanced(node: Node) -> Node:
    update(node)
    lean = height(node.left) - height(node.right)
    if lean > 1 and node.left is not None:
        if height(node.left.left) < height(node.left.right):
            node.left = rotate_left(node.left)
        return rotate_right(node)
    if lean < -1 and node.right is not None:
        if height(node.right.right) < height(node.right.left):
            node.right = rotate_right(node.right)
        return rotate_left(node)
    return node


def inserted(node: Node | None, key: int, value: str) -> Node:
    if node is None:
        return Node(key, value)
    if key < node.key:
        node.left = inserted(node.left, key, value)
    elif key > node.key:
        node.right = inserted(node.right, key, value)
    else:
        node.value = value
    return balanced(node)


def removed(node: Node | None, key: int) -> Node | None:
    if node is None:
        raise KeyError(key)
    if key < node.key:
        node.left = removed(node.left, key)
    elif key > node.key:
        node.right = removed(node.right, key)
    elif node.left is None:
        return node.right
    elif node.right is None:
        return node.left
    else:
        least = node.right
        while least.left is not None:
            least = least.left
        node.key, node.value = least.key, least.value
        node.right = removed(node.right, least.key)
    return balanced(node)


def walk(node: Node | None, keys: list[int]) -> None:
    if node is not None:
        walk(node.left, keys)
        keys.append(node.key)
        walk(node.right, keys)


def check(node: Node | None) -> int:
    if node is None:
        return 0
    left, right = check(node.left), check(node.right)
    assert abs(left - right) <= 1, f"unbalanced at {node.key}"
    assert node.height == 1 + max(left, right)
    return node.height


root: Node | None = None
for i in range(200):
    root = inserted(root, i * 37 % 101, f"v{i}")
    check(root)
keys: list[int] = []
walk(root, keys)
print(keys == list(range(101)), check(root))
for i in range(0, 101, 3):
    root = removed(root, i)
    check(root)
keys.clear()
walk(root, keys)
print(len(keys), check(root), keys[:10])
try:
    removed(root, 3)
except KeyError as error:
    print("KeyError", error)
