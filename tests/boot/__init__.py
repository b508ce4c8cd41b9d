"""Whole images booted in QEMU."""
