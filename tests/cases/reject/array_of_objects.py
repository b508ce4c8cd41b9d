"""An Array holds plain data."""
# mypy: accepts (a rule of the runtime)

from runtime.lang import new_array

names = new_array(str, 3)  # error: E0336 "str"
