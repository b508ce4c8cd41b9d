"""Tests of runtime/std."""
