"""try, except, else, finally in every combination."""


def attempt(kind: int) -> str:
    try:
        print("body", kind)
        if kind == 1:
            raise ValueError("one")
        if kind == 2:
            raise KeyError("two")
        if kind == 3:
            raise ArithmeticError("three")
    except ValueError as error:
        print("value", error)
        return "returned"
    except (KeyError, IndexError) as error:
        print("key", error)
    except Exception as error:
        print("other", error)
    else:
        print("else")
    finally:
        print("finally")
    return "end"


for kind in range(4):
    print(attempt(kind))
