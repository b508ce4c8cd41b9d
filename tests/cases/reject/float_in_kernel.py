"""The kernel does not use the user's floating-point registers."""
# target: kernel
# mypy: accepts (a rule of the kernel)


def half() -> int:
    return int(0.5)  # error: E0312 "0.5"
