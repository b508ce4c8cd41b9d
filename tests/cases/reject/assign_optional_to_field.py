"""A field that is not Optional does not take None."""


class Node:
    def __init__(self) -> None:
        self.name = "a"


node = Node()
node.name = None  # error: E0307 "None"
