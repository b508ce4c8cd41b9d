"""Tests of kernel.proc."""
