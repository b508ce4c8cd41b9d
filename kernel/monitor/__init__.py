"""The console monitor: the commands that people and tests drive the kernel by."""
