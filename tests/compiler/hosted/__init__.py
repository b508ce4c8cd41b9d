"""Tests of running sources under CPython with exact widths."""
