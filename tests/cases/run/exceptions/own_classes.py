"""Exceptions of one's own, with fields and a hierarchy."""


class AppError(Exception):
    pass


class NotFound(AppError):
    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"{name} not found")
        self.name = name
        self.code = code


class Denied(AppError):
    def __str__(self) -> str:
        return "denied!"


def run(kind: int) -> None:
    if kind == 0:
        raise NotFound("file", 2)
    if kind == 1:
        raise Denied
    raise AppError("plain", 3)


for kind in range(3):
    try:
        run(kind)
    except NotFound as error:
        print("not found", error, error.name, error.code)
    except AppError as error:
        print("app", error, isinstance(error, Denied))
