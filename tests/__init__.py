"""All tests of the project; a package run with pytest's importlib mode, mirroring the source tree."""
