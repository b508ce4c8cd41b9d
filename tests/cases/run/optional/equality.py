"""Optionals compare with values and None."""


def show(a: int | None, b: int | None) -> None:
    print(a == b, a != b, a is None, b is not None, a == 1, a == None)  # noqa: E711


show(1, 1)
show(1, None)
show(None, None)
show(2, 1)
text: str | None = "a"
print(text == "a", text == None, text in ["a", "b"])  # noqa: E711
