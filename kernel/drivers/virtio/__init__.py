"""virtio devices over PCI, legacy (0.9.5) and modern (1.x)."""
