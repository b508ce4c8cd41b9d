"""An empty list needs an annotation."""


def run() -> None:
    items = []  # error: E0325 "[]"
    print(len(items))


run()
