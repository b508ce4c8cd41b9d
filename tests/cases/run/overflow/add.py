"""Sums beyond 64 bits raise OverflowError here, and grow on CPython."""

big = 9223372036854775807
small = -9223372036854775807 - 1


def attempt(kind: str, a: int, b: int) -> None:
    try:
        if kind == "+":
            print(a + b)
        elif kind == "-":
            print(a - b)
        elif kind == "*":
            print(a * b)
        elif kind == "//":
            print(a // b)
        elif kind == "<<":
            print(a << b)
        elif kind == "**":
            print(a**b)
        elif kind == "neg":
            print(-a)
        else:
            print(abs(a))
    except OverflowError:
        print("overflow", kind)


attempt("+", big, 1)
attempt("+", small, -1)
attempt("-", small, 1)
attempt("-", 0, small)
attempt("*", big, 2)
attempt("*", small, -1)
attempt("//", small, -1)
attempt("<<", 1, 63)
attempt("<<", 1, 64)
attempt("**", 10, 19)
attempt("neg", small, 0)
attempt("abs", small, 0)
attempt("+", big, 0)
attempt("-", small, 0)
attempt("*", big, -1)
attempt("<<", 1, 62)
attempt("<<", -1, 63)
attempt("**", -2, 63)
