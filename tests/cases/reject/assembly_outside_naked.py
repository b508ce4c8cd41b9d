"""`assembly` is the body of a naked function."""
# mypy: accepts (a rule of the machine vocabulary)

from runtime.lang import assembly


def stop() -> None:
    assembly("hlt")  # error: E0338 "assembly("hlt")"


stop()
