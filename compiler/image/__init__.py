"""Stage 8, files to a bootable GPT disk image; knows no language."""
