"""Pure building blocks: byte order, checksums, text, paths, ring buffers. They import only `runtime.lang`."""
