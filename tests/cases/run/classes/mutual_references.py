"""Classes that mention each other."""


class Person:
    def __init__(self, name: str) -> None:
        self.name = name
        self.pets: list[Pet] = []

    def adopt(self, pet: "Pet") -> None:
        self.pets.append(pet)
        pet.owner = self


class Pet:
    def __init__(self, name: str) -> None:
        self.name = name
        self.owner: Person | None = None

    def describe(self) -> str:
        return self.name + (" of " + self.owner.name if self.owner is not None else " the stray")


ada = Person("Ada")
cat, dog = Pet("cat"), Pet("dog")
ada.adopt(cat)
print(cat.describe(), dog.describe(), [p.name for p in ada.pets])
