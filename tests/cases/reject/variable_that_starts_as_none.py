"""A variable that starts as None says what it will hold."""
# mypy: accepts (it infers the type from the second assignment)


def run() -> None:
    found = None  # error: E0339 "found"
    for number in range(3):
        found = number
    print(found)


run()
