"""Clocks: the calibrated time-stamp counter and the timer tick."""
