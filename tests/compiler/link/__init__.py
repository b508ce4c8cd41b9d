"""Tests of compiler.link."""
