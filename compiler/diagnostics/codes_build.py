"""E07xx link, E08xx disk images, E09xx internal errors and the command line."""

from __future__ import annotations

from compiler.diagnostics.code_entry import CodeEntry

LINK_CODES: tuple[CodeEntry, ...] = (
    CodeEntry(
        "E0701",
        "a symbol is used and nowhere defined",
        "An `@external` function, or a name in inline assembly, has no definition in any object of the program.",
        wrong='@external("checksum")\ndef checksum(data: Ptr[u8], size: int) -> u32: ...',
        right='@export("checksum")\ndef checksum(data: Ptr[u8], size: int) -> u32:\n    return u32(0)',
    ),
    CodeEntry(
        "E0702",
        "a symbol is defined twice",
        "Two functions are exported under one name, so a reference to it would be ambiguous.",
    ),
    CodeEntry(
        "E0703",
        "a relocated value does not fit its field",
        "An instruction reaches 2 GiB to either side, and the place it refers to lies farther away.",
    ),
    CodeEntry(
        "E0704",
        "a relocation this linker does not apply",
        "Only what pyc's own code generator emits is linked; inline assembly asked for another form of address.",
    ),
    CodeEntry(
        "E0705",
        "a fixed address in an image that may be loaded anywhere",
        "A UEFI application is placed by the firmware, so an absolute 32-bit address cannot be right everywhere.",
    ),
    CodeEntry(
        "E0706",
        "an object file is malformed",
        "The file is truncated, inconsistent, or not a relocatable ELF64 file for x86-64.",
    ),
    CodeEntry(
        "E0707",
        "the entry symbol is missing",
        "The image starts at a symbol that no object defines, or that does not lie in executable code.",
    ),
    CodeEntry(
        "E0708",
        "a feature of object files that has no place here",
        "Thread-local storage, indirect functions, constructors, compressed or writable executable sections.",
    ),
    CodeEntry(
        "E0709",
        "the image does not fit its address range or format",
        "Code and data together exceed what the target's memory model can address.",
    ),
    CodeEntry(
        "E0710",
        "assembly that the assembler does not understand",
        "The text of `inline_assembly` or of a `@naked` function is handed to LLVM's assembler in Intel syntax.",
        wrong='inline_assembly_void("movd rax", "~{rax}")',
        right='inline_assembly_void("xor eax, eax", "~{rax}")',
    ),
)

IMAGE_CODES: tuple[CodeEntry, ...] = (
    CodeEntry(
        "E0801",
        "a file name the disk image cannot hold",
        "The guest's file system limits names, and no name may be given twice.",
    ),
    CodeEntry("E0802", "the files do not fit the disk image", "Leave files out, or make the image larger."),
    CodeEntry("E0803", "a disk image that is not understood", "The file is not a disk image of the form pyc writes."),
    CodeEntry(
        "E0804",
        "a file of this machine cannot be read or written",
        "The operating system refused to read a file for the image, or to write the image.",
    ),
)

COMMAND_CODES: tuple[CodeEntry, ...] = (
    CodeEntry(
        "E0901",
        "pyc itself failed",
        """
        A stage of the compiler broke one of its own rules. The program may be right or wrong, the fault is pyc's.
        The message names stage, function and place, and the command that repeats it: please report them.
        """,
    ),
    CodeEntry(
        "E0902",
        "the command line is wrong",
        "An option is unknown, a value is missing, or a file that was named does not exist.",
    ),
)
