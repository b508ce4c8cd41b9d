"""A package with sub-packages; bodies run once, in import order."""

import shapes
import shapes.round.circle as circle_module
from shapes import Square, total_area
from shapes.round import Circle
from shapes.round.circle import PI as pi

print("main")
items: list[shapes.Shape] = [Square(2), Circle(1)]
print(total_area(items), pi, circle_module.Circle(3).area(), shapes.VERSION)
