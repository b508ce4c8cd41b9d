"""File systems over block devices."""
