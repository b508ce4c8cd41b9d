"""Tests of kernel.time."""
