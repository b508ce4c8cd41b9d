"""Tests of kernel.debug."""
