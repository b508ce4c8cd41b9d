"""Tests of kernel.lib."""
