"""What lies on the EFI system partition: the boot program at the path firmware looks for, and the root tree.

UEFI 2.10 section 3.5.1.1: removable media boot from `\\EFI\\BOOT\\BOOTX64.EFI` on x64.
"""

from __future__ import annotations

from collections.abc import Mapping

from compiler.image.errors import ImageError, ImageErrorCode
from compiler.image.root_tree import DirectoryNode, build_tree, fold_case

BOOT_PATH = "/EFI/BOOT/BOOTX64.EFI"


def system_partition_tree(files: Mapping[str, bytes], efi_boot: bytes | None) -> DirectoryNode:
    """The checked tree of all files, with the boot program in its place."""
    if efi_boot is None:
        return build_tree(files)
    for path in files:
        if fold_case(path) == BOOT_PATH:
            message = f"{path!r} is where the boot program goes, and one is given already"
            raise ImageError(ImageErrorCode.BAD_NAME, message)
    return build_tree({BOOT_PATH: efi_boot, **files})
