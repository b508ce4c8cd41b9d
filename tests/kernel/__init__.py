"""Tests of the kernel's pure modules, under CPython, against fakes and independent judges."""
