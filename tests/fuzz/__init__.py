"""Fuzzing of the compiler: random programs against CPython, and damaged sources against its error handling."""
