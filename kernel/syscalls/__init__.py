"""System calls: Linux numbers, one dispatcher for both entries."""
