"""Tests of kernel.console."""
