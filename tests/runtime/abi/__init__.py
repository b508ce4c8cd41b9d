"""Tests of runtime/abi."""
