"""A vending machine as states and events."""

from enum import Enum, IntEnum


class State(Enum):
    IDLE = 1
    PAYING = 2
    SERVING = 3
    BROKEN = 4


class Coin(IntEnum):
    TEN = 10
    TWENTY = 20
    FIFTY = 50
    EURO = 100


class Event(Enum):
    COIN = "c"
    CHOOSE = "b"
    TAKE = "t"
    KICK = "k"


class NotPossible(Exception):
    pass


class Machine:
    price = 130

    def __init__(self) -> None:
        self.state: State = State.IDLE
        self.paid = 0
        self.change: list[Coin] = []
        self.history: list[str] = []

    def go(self, state: State) -> None:
        self.history.append(f"{self.state.name}->{state.name}")
        self.state = state

    def handle(self, event: Event, coin: Coin = Coin.TEN) -> None:
        match self.state:
            case State.IDLE | State.PAYING if event is Event.COIN:
                self.paid += coin.value
                self.go(State.PAYING)
            case State.PAYING if event == Event.CHOOSE:
                if self.paid < self.price:
                    raise NotPossible(f"{self.price - self.paid} missing")
                self.give_change(self.paid - self.price)
                self.go(State.SERVING)
            case State.SERVING if event is Event.TAKE:
                self.paid = 0
                self.go(State.IDLE)
            case State.BROKEN:
                raise NotPossible("out of order")
            case _:
                if event is Event.KICK:
                    self.go(State.BROKEN)
                else:
                    raise NotPossible(f"{event.name} while {self.state.name}")

    def give_change(self, rest: int) -> None:
        for coin in [Coin.EURO, Coin.FIFTY, Coin.TWENTY, Coin.TEN]:
            while rest >= coin.value:
                rest -= coin.value
                self.change.append(coin)


machine = Machine()
for letter, value in [
    ("c", 100),
    ("b", 0),
    ("c", 100),
    ("c", 20),
    ("b", 0),
    ("b", 0),
    ("t", 0),
    ("x", 0),
    ("c", 30),
    ("k", 0),
    ("c", 10),
]:
    try:
        event = (
            Event.COIN
            if letter == "c"
            else Event.CHOOSE
            if letter == "b"
            else Event.TAKE
            if letter == "t"
            else Event.KICK
        )
        machine.handle(event, Coin(value) if value else Coin.TEN)
    except NotPossible as error:
        print("no:", error)
    except ValueError as error:
        print("coin:", error)
    print(letter, machine.state, machine.paid, [coin.name for coin in machine.change])
print(machine.history)
