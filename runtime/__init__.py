"""The runtime: the machine vocabulary, its CPython face, the object core, the library and the entry code.

Every folder is a layer: `lang` is what sources import, `host` exists on CPython only, `abi` holds numbers
shared by kernel and programs. Importing this package loads nothing.
"""
