"""A small expression evaluator."""


class Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def peek(self) -> str:
        while self.position < len(self.text) and self.text[self.position] == " ":
            self.position += 1
        return self.text[self.position] if self.position < len(self.text) else ""

    def take(self) -> str:
        character = self.peek()
        self.position += 1
        return character

    def expression(self) -> int:
        value = self.term()
        while self.peek() in ("+", "-"):
            if self.take() == "+":
                value += self.term()
            else:
                value -= self.term()
        return value

    def term(self) -> int:
        value = self.factor()
        while self.peek() in ("*", "/"):
            if self.take() == "*":
                value *= self.factor()
            else:
                value //= self.factor()
        return value

    def factor(self) -> int:
        character = self.take()
        if character == "(":
            value = self.expression()
            if self.take() != ")":
                raise SyntaxError("missing )")
            return value
        if character == "-":
            return -self.factor()
        if not character.isdigit():
            raise SyntaxError(f"unexpected {character!r}")
        digits = character
        while self.peek().isdigit():
            digits += self.take()
        return int(digits)


for text in ["1 + 2 * 3", "(1 + 2) * 3", "-4 * (2 - 5)", "100 / 7 / 2", "2 * (3 + 4", "1 + x", "8 / 0"]:
    try:
        print(text, "=", Parser(text).expression())
    except (SyntaxError, ZeroDivisionError) as error:
        print(text, "!", error)
