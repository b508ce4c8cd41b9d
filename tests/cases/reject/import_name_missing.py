"""A module binds what is imported from it."""

from sys import arguments  # error: E0203 "arguments"
