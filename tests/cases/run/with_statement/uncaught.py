"""An exception leaves a with block uncaught."""


class Door:
    def __enter__(self) -> None:
        print("open")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        print("close")


def run() -> None:
    with Door():
        raise RuntimeError("inside")


run()
