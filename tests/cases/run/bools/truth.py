"""What counts as true in conditions."""


class Box:
    def __init__(self, size: int) -> None:
        self.size = size

    def __len__(self) -> int:
        return self.size


class Switch:
    def __init__(self, on: bool) -> None:
        self.on = on

    def __bool__(self) -> bool:
        return self.on


class Plain:
    pass


def word(flag: bool) -> str:
    return "yes" if flag else "no"


if Box(0):
    print("box 0")
if Box(2):
    print("box 2")
if not Switch(False):
    print("off")
if Switch(True):
    print("on")
if Plain():
    print("plain")
items: list[int] = []
print(word(not items), word(bool(items)), word(not "a"), word(not 0.0))
while items or len(items) < 2:
    items.append(1)
    if len(items) > 2:
        break
print(items)
