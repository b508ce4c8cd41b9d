"""Entry code, one module for each kind of image: Linux-ABI programs and UEFI applications."""
