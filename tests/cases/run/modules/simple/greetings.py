"""What main imports."""

DEFAULT = "world"
count = 0
print("greetings is loaded as", __name__)


def greet(name: str = DEFAULT) -> str:
    global count
    count += 1
    return "hello " + name


class Greeter:
    def __init__(self, name: str) -> None:
        self.name = name

    def hello(self) -> str:
        return greet(self.name)
