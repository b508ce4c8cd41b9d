"""Processes: program images, their loading, and what a running program owns."""
