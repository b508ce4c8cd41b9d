"""A binary tree of optional children."""


class Tree:
    def __init__(self, key: int) -> None:
        self.key = key
        self.left: Tree | None = None
        self.right: Tree | None = None

    def insert(self, key: int) -> None:
        if key < self.key:
            if self.left is None:
                self.left = Tree(key)
            else:
                self.left.insert(key)
        elif self.right is None:
            self.right = Tree(key)
        else:
            self.right.insert(key)

    def keys(self) -> list[int]:
        before = self.left.keys() if self.left is not None else []
        after = self.right.keys() if self.right else []
        return before + [self.key] + after

    def depth(self) -> int:
        left = 0 if self.left is None else self.left.depth()
        right = 0 if self.right is None else self.right.depth()
        return 1 + max(left, right)


root = Tree(50)
for key in [30, 70, 20, 40, 60, 80, 10]:
    root.insert(key)
print(root.keys(), root.depth())
