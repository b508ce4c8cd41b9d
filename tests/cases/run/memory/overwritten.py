"""Fields and items that are overwritten while in use."""


class Holder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.other: Holder | None = None


def swap(h: Holder, text: str) -> str:
    old = h.text
    h.text = text
    h.text = h.text + old
    return old


h = Holder("a" + str(1))
print(swap(h, "b"), h.text)
h.other = Holder("inner")
inner = h.other
h.other = None
print(inner.text)
items = [Holder("x"), Holder("y")]
kept = items[0]
items[0] = items[1]
items.clear()
print(kept.text)
h.other = h
h.other = None


def consume(holder: Holder, items: list[Holder]) -> str:
    items.clear()
    return holder.text


group = [Holder("only")]
print(consume(group[0], group))
