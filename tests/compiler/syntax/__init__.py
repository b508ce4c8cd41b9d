"""Tests of stage 1: parsing, refusals, printing."""
