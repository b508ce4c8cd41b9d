"""Programs for the kernel, through Python's ordinary API: each runs on CPython, on Linux and on the kernel."""
