"""From the UEFI entry point to the higher half: what runs before the kernel stands on its own page tables."""
