"""A recursive-descent parser that builds a tree, simplifies it and prints it with as few parentheses as possible."""

from __future__ import annotations

from dataclasses import dataclass


class ParseError(Exception):
    def __init__(self, message: str, place: int) -> None:
        super().__init__(f"{message} at {place}")
        self.place = place


class Expression:
    rank: int = 9

    def value(self, x: int) -> int:
        raise NotImplementedError

    def text(self) -> str:
        raise NotImplementedError

    def simplified(self) -> Expression:
        return self

    def inside(self, rank: int) -> str:
        return self.text() if self.rank >= rank else f"({self.text()})"


class Number(Expression):
    def __init__(self, number: int) -> None:
        self.number = number

    def value(self, x: int) -> int:
        return self.number

    def text(self) -> str:
        return str(self.number)


class Unknown(Expression):
    def value(self, x: int) -> int:
        return x

    def text(self) -> str:
        return "x"


class Binary(Expression):
    def __init__(self, operator: str, left: Expression, right: Expression) -> None:
        self.operator = operator
        self.left = left
        self.right = right
        self.rank = 1 if operator in "+-" else 2

    def value(self, x: int) -> int:
        a, b = self.left.value(x), self.right.value(x)
        match self.operator:
            case "+":
                return a + b
            case "-":
                return a - b
            case "*":
                return a * b
            case _:
                return a // b

    def text(self) -> str:
        return f"{self.left.inside(self.rank)} {self.operator} {self.right.inside(self.rank + 1)}"

    def simplified(self) -> Expression:
        left, right = self.left.simplified(), self.right.simplified()
        whole = Binary(self.operator, left, right)
        if isinstance(left, Number) and isinstance(right, Number):
            try:
                return Number(whole.value(0))
            except ZeroDivisionError:
                return whole
        if isinstance(right, Number):
            if right.number == 0 and self.operator in "+-":
                return left
            if right.number == 1 and self.operator in "*/":
                return left
        return whole


@dataclass
class Token:
    kind: str
    text: str
    place: int


def tokens(source: str) -> list[Token]:
    found: list[Token] = []
    place = 0
    while place < len(source):
        start = place
        character = source[place]
        if character.isspace():
            place += 1
            continue
        if character.isdigit():
            while place < len(source) and source[place].isdigit():
                place += 1
            found.append(Token("number", source[start:place], start))
        elif character in "+-*/()x":
            place += 1
            found.append(Token(character, character, start))
        else:
            raise ParseError(f"unexpected {character!r}", start)
    found.append(Token("end", "", len(source)))
    return found


class Parser:
    def __init__(self, source: str) -> None:
        self.tokens = tokens(source)
        self.next = 0

    def kind(self) -> str:
        return self.tokens[self.next].kind

    def take(self) -> Token:
        self.next += 1
        return self.tokens[self.next - 1]

    def whole(self) -> Expression:
        result = self.sum()
        if self.kind() != "end":
            raise ParseError("more than one expression", self.tokens[self.next].place)
        return result

    def sum(self) -> Expression:
        result = self.product()
        while self.kind() in ["+", "-"]:
            operator = self.take().text
            result = Binary(operator, result, self.product())
        return result

    def product(self) -> Expression:
        result = self.factor()
        while self.kind() in ["*", "/"]:
            operator = self.take().text
            result = Binary(operator, result, self.factor())
        return result

    def factor(self) -> Expression:
        token = self.take()
        match token.kind:
            case "number":
                return Number(int(token.text))
            case "x":
                return Unknown()
            case "-":
                return Binary("-", Number(0), self.factor())
            case "(":
                inner = self.sum()
                if self.take().kind != ")":
                    raise ParseError("no )", token.place)
                return inner
        raise ParseError("no operand", token.place)


for source in [
    "1 + 2 * x",
    "((x)) * (2 + 3 - 1 * 1)",
    "x - (x - 1) - -1",
    "10 / (5 - 5)",
    "x / 1 + 0",
    "2 +",
    "(1",
    "3 $ 4",
    "1 2",
]:
    try:
        tree = Parser(source).whole()
        print(f"{tree.text():<24} {tree.simplified().text():<16} {[tree.value(x) for x in range(-2, 3)]}")
    except ParseError as error:
        print(f"{source!r}: {error} ({error.place})")
    except ArithmeticError as error:
        print(f"{source!r}: {error}")
