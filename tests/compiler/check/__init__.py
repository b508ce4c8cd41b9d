"""Tests of the checker: codes, types, narrowing."""
