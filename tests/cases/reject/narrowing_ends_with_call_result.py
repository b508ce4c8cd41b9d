"""A call's result is not narrowed by testing another call."""


def find(text: str) -> str | None:
    return text if text else None


def run() -> str:
    if find("a") is not None:
        return find("a")  # error: E0308 "find("a")"
    return ""


print(run())
