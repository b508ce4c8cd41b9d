"""Files → a whole disk image: GPT with one FAT16 EFI system partition that holds the boot program and the root tree.

    sector 0 protective MBR, GPT | sector 2048 (1 MiB) EFI system partition, 64 MiB | backup GPT in the last MiB

Equal files give equal bytes: GUIDs and the volume's serial number are derived from the contents, all dates are fixed.
`write_disk_image` writes only what is not zero and leaves holes, so that an image costs what its files cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from compiler.formats import gpt
from compiler.image.errors import ImageError, ImageErrorCode
from compiler.image.fat import Piece, write_fat16
from compiler.image.gpt import Partition, write_gpt
from compiler.image.system_partition import system_partition_tree

MEBIBYTE = 1 << 20
PARTITION_MEBIBYTES = 64
_PARTITION_START = MEBIBYTE // gpt.SECTOR_SIZE  # aligned as every partitioning tool does
_PARTITION_NAME = "EFI System"


def make_disk_image(
    files: Mapping[str, bytes], *, efi_boot: bytes | None = None, partition_mebibytes: int = PARTITION_MEBIBYTES
) -> bytes:
    """The image in memory: `files` by guest path, `efi_boot` as `/EFI/BOOT/BOOTX64.EFI`."""
    total, pieces = _plan(files, efi_boot, partition_mebibytes)
    image = bytearray(total)
    for offset, data in pieces:
        image[offset : offset + len(data)] = data
    return bytes(image)


def write_disk_image(
    path: Path,
    files: Mapping[str, bytes],
    *,
    efi_boot: bytes | None = None,
    partition_mebibytes: int = PARTITION_MEBIBYTES,
) -> None:
    """The same image as a sparse file; an existing file is replaced, never left half old and half new."""
    total, pieces = _plan(files, efi_boot, partition_mebibytes)
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with unfinished.open("wb") as file:
            file.truncate(total)
            for offset, data in pieces:
                file.seek(offset)
                file.write(data)
        unfinished.replace(path)
    except OSError as fault:
        unfinished.unlink(missing_ok=True)
        message = f"cannot write {path}: {fault.strerror or fault}"
        raise ImageError(ImageErrorCode.HOST_FILE, message) from fault


def _plan(files: Mapping[str, bytes], efi_boot: bytes | None, partition_mebibytes: int) -> tuple[int, list[Piece]]:
    """Size of the disk in bytes, and its pieces."""
    tree = system_partition_tree(files, efi_boot)
    partition_sectors = partition_mebibytes * MEBIBYTE // gpt.SECTOR_SIZE
    total_sectors = (partition_mebibytes + 2) * MEBIBYTE // gpt.SECTOR_SIZE
    digest = _digest(files, efi_boot)
    partition = Partition(
        first=_PARTITION_START,
        last=_PARTITION_START + partition_sectors - 1,
        type=gpt.TYPE_EFI_SYSTEM,
        identity=UUID(bytes=digest[:16], version=5),
        name=_PARTITION_NAME,
    )
    disk = UUID(bytes=digest[16:], version=5)
    serial = int.from_bytes(digest[:4], "little")
    start = _PARTITION_START * gpt.SECTOR_SIZE
    pieces = list(write_gpt(total_sectors, disk, partition))
    for offset, data in write_fat16(tree, partition_sectors, _PARTITION_START, serial):
        pieces.append((start + offset, data))
    return total_sectors * gpt.SECTOR_SIZE, pieces


def _digest(files: Mapping[str, bytes], efi_boot: bytes | None) -> bytes:
    """A hash of names and contents in an order that does not depend on the caller's."""
    total = sha256(efi_boot or b"")
    for path in sorted(files):
        name = path.encode("utf-8", "surrogateescape")
        total.update(b"%d %d " % (len(name), len(files[path])) + name)
        total.update(files[path])
    return total.digest()
