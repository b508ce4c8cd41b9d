"""Module bodies run where the import statement stands, the first time it is reached."""

from __future__ import annotations

print("main begins")
import early

print("between", early.NAME)


def use_late() -> str:
    from late import NAME

    return NAME


if early.NAME == "early":
    import early as again

    print("again", again.NAME)
print("before late")
print(use_late())
print(use_late())
