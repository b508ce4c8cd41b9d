"""Abstract methods are defined by the subclasses."""

from abc import ABC, abstractmethod


class Animal(ABC):
    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def sound(self) -> str: ...

    def speak(self) -> str:
        return f"{self.name} says {self.sound()}"


class Dog(Animal):
    def sound(self) -> str:
        return "woof"


class Puppy(Dog):
    def sound(self) -> str:
        return super().sound() + "!"


class Cat(Animal):
    def sound(self) -> str:
        return "meow"


animals: list[Animal] = [Dog("Rex"), Cat("Tom"), Puppy("Bo")]
for animal in animals:
    print(animal.speak())
