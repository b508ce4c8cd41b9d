"""The kernel has no standard output."""
# target: kernel
# mypy: accepts (a rule of the kernel)


def show() -> None:
    print("hello")  # error: E0333 "print("hello")"
