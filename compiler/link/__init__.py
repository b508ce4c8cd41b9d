"""Stage 7, ELF relocatable objects to a program, UEFI application or kernel image; knows no language."""
