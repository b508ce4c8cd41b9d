"""Dropping a long chain needs no deep stack."""


class Link:
    def __init__(self, next: "Link | None") -> None:
        self.next = next


def make(length: int) -> Link | None:
    head: Link | None = None
    for _ in range(length):
        head = Link(head)
    return head


chain = make(200000)
print(chain is None)
chain = None
print(chain is None)
