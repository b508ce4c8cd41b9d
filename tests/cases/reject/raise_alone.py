"""`raise` alone raises what is being handled."""
# mypy: accepts (a RuntimeError on CPython)


def run() -> None:
    raise  # error: E0351 "raise"


run()
