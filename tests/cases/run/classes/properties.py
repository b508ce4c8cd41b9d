"""Properties with and without setters."""


class Temperature:
    def __init__(self, celsius: float) -> None:
        self._celsius = celsius

    @property
    def celsius(self) -> float:
        return self._celsius

    @celsius.setter
    def celsius(self, value: float) -> None:
        print("setting", value)
        self._celsius = value

    @property
    def fahrenheit(self) -> float:
        return self._celsius * 9 / 5 + 32


t = Temperature(20.0)
print(t.celsius, t.fahrenheit)
t.celsius = 25.0
print(t.celsius, t.fahrenheit)
t.celsius += 5.0
print(t.celsius)
