"""Block devices above the drivers: partition tables and partition views."""
