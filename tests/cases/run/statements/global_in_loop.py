"""A module-level assignment inside a loop or branch makes its value anew each time."""

for i in range(3):
    found: list[int] = []
    found.append(i)
    texts = ["a"]
    texts.append(str(i))
    print(found, texts)

match len(found):
    case 1:
        size = "one"
    case _:
        size = "many"
print(size)

if size == "many":
    late = size + "!"


def show() -> None:
    try:
        print(late)
    except NameError as error:
        print(repr(error))


show()
