"""PCI: configuration space registers, decoding, enumeration, and the port mechanism."""
