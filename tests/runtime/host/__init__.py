"""Tests of runtime/host."""
