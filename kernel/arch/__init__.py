"""What knows the processor; one folder per architecture."""
