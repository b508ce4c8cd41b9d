"""ACPI tables as far as the kernel needs them: power-off, reset, local APIC, legacy device flags."""
