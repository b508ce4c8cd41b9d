"""Tests of compiler/codegen."""
