"""Tests of kernel.arch."""
