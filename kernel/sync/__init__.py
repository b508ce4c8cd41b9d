"""Keeping others out: disabled interrupts, spin locks with ranks, per-CPU data, once-only steps."""
