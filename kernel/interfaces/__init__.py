"""Base classes through which subsystems and drivers meet; each names its errors and its calling context."""
