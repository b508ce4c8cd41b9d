"""Tests of kernel.sync."""
