"""A handler that raises, a handler inside a handler."""


def run(n: int) -> str:
    try:
        try:
            if n == 0:
                raise ValueError("first")
            return "fine"
        except ValueError:
            try:
                raise KeyError("second")
            except KeyError as error:
                print("inner", error)
            raise TypeError("third")
    except TypeError as error:
        return f"outer {error}"


print(run(0), run(1))
