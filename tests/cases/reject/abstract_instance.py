"""A class with abstract methods has no instances."""

from abc import ABC, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self) -> int: ...


print(Shape().area())  # error: E0331 "Shape()"
