"""FAT16, reading: boot sector, allocation table, directories, files, and the volume that joins them."""
