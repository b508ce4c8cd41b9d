"""Tests of kernel.mm."""
