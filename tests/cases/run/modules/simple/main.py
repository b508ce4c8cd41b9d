"""A module beside the program."""

import greetings
from greetings import DEFAULT, Greeter, greet

print(greet("you"), greetings.greet(), DEFAULT, greetings.count)
g = Greeter("Ada")
print(g.hello(), greetings.Greeter("Bob").hello(), greetings.count)
