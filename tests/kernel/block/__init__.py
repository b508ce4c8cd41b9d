"""Tests of kernel.block."""
