"""An exception without a text."""


def stop() -> None:
    raise NotImplementedError


stop()
