"""An uncaught exception raised while another was handled."""


def clean() -> None:
    raise KeyError("gone")


try:
    print(1 // len(""))
except ZeroDivisionError:
    clean()
