"""The names a module binds are listed."""
# mypy: accepts (it reads the other module)

from sys import *  # error: E0111 "*"
