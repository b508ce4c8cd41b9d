"""Checks that the running kernel makes of itself."""
