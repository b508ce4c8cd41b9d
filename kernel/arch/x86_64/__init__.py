"""x86-64: descriptor tables, entry code, page tables, the local APIC and the legacy timer."""
