"""Seeing what happens: the log, the panic screen, tracebacks and the stages of the boot."""
