"""What goes wrong with lists."""

items = [1, 2, 3]
try:
    print(items[3])
except IndexError as error:
    print(error)
try:
    items[-4] = 1
except IndexError as error:
    print(error)
try:
    items.remove(9)
except ValueError as error:
    print(error)
try:
    items.index(9)
except ValueError as error:
    print(error)
empty: list[int] = []
try:
    empty.pop()
except IndexError as error:
    print(error)
try:
    items.pop(7)
except IndexError as error:
    print(error)
try:
    print(max(empty))
except ValueError as error:
    print(error)
