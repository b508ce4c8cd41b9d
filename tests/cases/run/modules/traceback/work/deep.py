"""The module that fails."""


class Fault(Exception):
    pass


class Worker:
    def run(self, n: int) -> None:
        if n == 0:
            raise Fault("deep fault")
