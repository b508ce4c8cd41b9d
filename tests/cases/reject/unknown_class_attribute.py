"""A class has only the class variables it declares."""


class Settings:
    width = 80


print(Settings.height)  # error: E0321 "height"
