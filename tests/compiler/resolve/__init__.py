"""Tests of stage 2: the module graph and name binding."""
