"""Memory: the firmware's map, physical frames, the kernel heap, address spaces."""
