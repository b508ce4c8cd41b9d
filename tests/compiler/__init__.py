"""Tests of the compiler, one folder per stage."""
