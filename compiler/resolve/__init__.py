"""Stage 2: trees to a bound program.

`module_graph` finds and orders the modules, `symbols` and `scopes` are the nouns, `bind` classifies every name as
CPython's compiler does. Afterwards the import order is CPython's and no name is undefined.
"""
