"""The sub-commands of `pyc`, one file each, over the same pipeline."""
