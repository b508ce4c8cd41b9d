"""Tests of compiler.image."""
