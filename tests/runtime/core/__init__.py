"""Tests of runtime/core."""
