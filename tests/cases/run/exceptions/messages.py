"""The text of exceptions with none, one and several arguments."""

try:
    raise ValueError
except ValueError as error:
    print("[" + str(error) + "]", repr(error))
try:
    raise ValueError("text")
except ValueError as error:
    print("[" + str(error) + "]", repr(error))
try:
    raise ValueError(3)
except ValueError as error:
    print("[" + str(error) + "]", repr(error))
try:
    raise ValueError("a", 1)
except ValueError as error:
    print("[" + str(error) + "]", repr(error))
try:
    raise KeyError("key")
except KeyError as error:
    print("[" + str(error) + "]", repr(error))
