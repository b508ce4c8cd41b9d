"""Tests of kernel.interfaces."""
