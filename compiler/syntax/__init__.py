"""Stage 1: source text to tree.

`tree` is the noun the later stages read, `parse` makes it from CPython's own parser, `subset` holds what is refused
for ever and why, `dump` and `unparse` print it. Afterwards every node has a span and only subset constructs remain.
"""
