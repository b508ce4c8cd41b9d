"""A stack calculator on the command line."""
# arguments: 2 3 + 4 * dup p pop 7 0 / 1.5 p x 9223372036854775807 2 - p swap

import sys


class StackEmpty(Exception):
    pass


class Calculator:
    def __init__(self) -> None:
        self.stack: list[int] = []

    def pop(self) -> int:
        try:
            return self.stack.pop()
        except IndexError:
            raise StackEmpty from None

    def operate(self, operator: str) -> None:
        b, a = self.pop(), self.pop()
        try:
            match operator:
                case "+":
                    self.stack.append(a + b)
                case "-":
                    self.stack.append(a - b)
                case "*":
                    self.stack.append(a * b)
                case _:
                    self.stack.append(a // b)
        except ArithmeticError:
            self.stack += [a, b]
            raise

    def run(self, word: str) -> bool:
        """Carry out one word; False when it is unknown."""
        match word:
            case "+" | "-" | "*" | "/":
                self.operate(word)
            case "dup":
                top = self.pop()
                self.stack.extend([top, top])
            case "pop":
                self.pop()
            case "swap":
                b, a = self.pop(), self.pop()
                self.stack.extend([b, a])
            case "p":
                print("=", self.stack[-1])
            case _:
                try:
                    self.stack.append(int(word))
                except ValueError as error:
                    print(f"{word}: {error}")
                    return False
        return True


def main(words: list[str]) -> int:
    calculator = Calculator()
    unknown = 0
    for word in words:
        try:
            unknown += not calculator.run(word)
        except StackEmpty:
            print(f"{word}: the stack is empty")
        except (ZeroDivisionError, IndexError) as error:
            print(f"{word}: {error}, {calculator.stack}")
    print(calculator.stack)
    return unknown


sys.exit(main(sys.argv[1:]))
