"""Tests of kernel.fs."""
