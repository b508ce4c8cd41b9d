"""Huffman codes with a heap of trees kept in a sorted list."""

from __future__ import annotations


class Tree:
    def __init__(self, weight: int, order: int) -> None:
        self.weight = weight
        self.order = order

    def __lt__(self, other: Tree) -> bool:
        if self.weight != other.weight:
            return self.weight < other.weight
        return self.order < other.order

    def codes(self, prefix: str, found: list[tuple[str, str]]) -> None:
        raise NotImplementedError


class Leaf(Tree):
    def __init__(self, letter: str, weight: int, order: int) -> None:
        super().__init__(weight, order)
        self.letter = letter

    def codes(self, prefix: str, found: list[tuple[str, str]]) -> None:
        found.append((self.letter, prefix or "0"))


class Fork(Tree):
    def __init__(self, left: Tree, right: Tree, order: int) -> None:
        super().__init__(left.weight + right.weight, order)
        self.left = left
        self.right = right

    def codes(self, prefix: str, found: list[tuple[str, str]]) -> None:
        self.left.codes(prefix + "0", found)
        self.right.codes(prefix + "1", found)


def tree_of(text: str) -> Tree:
    letters: list[str] = []
    for letter in text:
        if letter not in letters:
            letters.append(letter)
    queue: list[Tree] = [Leaf(letter, text.count(letter), i) for i, letter in enumerate(letters)]
    order = len(queue)
    while len(queue) > 1:
        queue.sort()
        first, second = queue.pop(0), queue.pop(0)
        queue.append(Fork(first, second, order))
        order += 1
    return queue[0]


def encode(text: str, codes: list[tuple[str, str]]) -> str:
    result: list[str] = []
    for letter in text:
        for known, code in codes:
            if known == letter:
                result.append(code)
                break
    return "".join(result)


def decode(bits: str, tree: Tree) -> str:
    text = ""
    node = tree
    for bit in bits:
        if isinstance(node, Fork):
            node = node.left if bit == "0" else node.right
        if isinstance(node, Leaf):
            text += node.letter
            node = tree
    return text


for text in ["abracadabra", "mississippi river", "日本日本語😀", "zzz"]:
    tree = tree_of(text)
    codes: list[tuple[str, str]] = []
    tree.codes("", codes)
    bits = encode(text, codes)
    print(len(bits), tree.weight, codes, decode(bits, tree) == text)
