"""Tests of kernel.boot."""
