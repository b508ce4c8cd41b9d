"""Tests of build.py and of the host tooling in tests/machine."""
