"""Tests of runtime/lang."""
