"""Stand-ins for the machine: a guest made of a Python script."""
