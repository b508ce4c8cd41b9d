"""Tests of kernel.drivers."""
