"""finally runs on every way out, inner before outer."""


def run(way: str) -> str:
    for n in range(2):
        try:
            try:
                if way == "return":
                    return "returned"
                if way == "break":
                    break
                if way == "continue":
                    continue
                if way == "raise":
                    raise ValueError("raised")
                print("body", n)
            finally:
                print("inner", n)
        except ValueError as error:
            print("caught", error)
        finally:
            print("outer", n)
    else:
        print("else")
    return "end"


for way in ["return", "break", "continue", "raise", "none"]:
    print(way, run(way))
