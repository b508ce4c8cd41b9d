"""Tests of compiler.formats."""
