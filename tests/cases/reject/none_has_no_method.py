"""What may be None is tested before its methods are called."""


def shout(text: str | None) -> str:
    return text.upper()  # error: E0308 "text"


print(shout("a"))
