"""Fakes that play the hardware's side in unit tests."""
