"""blkread, ls, cat: the disk and the files on it."""

from __future__ import annotations

from typing import Final

from kernel.block.boot_record import has_boot_signature
from kernel.console import console
from kernel.console.console import CONSOLE
from kernel.fs.fat.directory import HIDDEN, READ_ONLY, SYSTEM, DirectoryEntry
from kernel.lib.path_text import normalise_path
from kernel.lib.text import dump_line, parse_number
from kernel.monitor.command import STATUS_FAILED, STATUS_FINE, reject_usage
from kernel.monitor.machine import require_disk, require_volume
from runtime.abi.error_numbers import EISDIR
from runtime.lang import new_array, u8

DUMP_BYTES: Final = 512
DUMP_WIDTH: Final = 16
# Bytes of a file shown at once.
PIECE_BYTES: Final = 4096


def blkread(words: list[str]) -> int:
    """Dump one sector; sector 0 must end with the boot signature."""
    sector: int | None = 0
    if len(words) > 1:
        sector = parse_number(words[1])
    if sector is None or len(words) > 2:
        return reject_usage("blkread [SECTOR]")
    disk = require_disk()
    content = new_array(u8, disk.sector_size)
    disk.read_sectors(sector, 1, content)
    console.line(f"Sector {sector}:")
    for offset in range(0, DUMP_BYTES, DUMP_WIDTH):
        console.line(dump_line(content, offset))
    if has_boot_signature(content):
        console.line("Boot signature: 55AA")
        return STATUS_FINE
    console.line("Boot signature: none")
    return STATUS_FAILED if sector == 0 else STATUS_FINE


def ls(words: list[str]) -> int:
    """A table of a directory."""
    if len(words) > 2:
        return reject_usage("ls [PATH]")
    path = normalise_path(words[1]) if len(words) > 1 else "/"
    entries = require_volume().list_directory(path)
    console.line(f"Directory: {path}")
    console.line(f"{'Name':<32} {'Size':>10} Attr")
    for entry in entries:
        size = "<DIR>" if entry.is_directory else f"{entry.size}"
        console.line(f"{entry.name:<32} {size:>10} {attribute_letters(entry)}")
    console.line(f"{len(entries)} file(s)")
    return STATUS_FINE


def attribute_letters(entry: DirectoryEntry) -> str:
    """d, r, h, s for directory, read-only, hidden, system; a dash where it is not."""
    text = "d" if entry.is_directory else "-"
    text += "r" if entry.attributes & READ_ONLY != 0 else "-"
    text += "h" if entry.attributes & HIDDEN != 0 else "-"
    return text + ("s" if entry.attributes & SYSTEM != 0 else "-")


def cat(words: list[str]) -> int:
    """Show files."""
    if len(words) < 2:
        return reject_usage("cat PATH ...")
    for path in words[1:]:
        show_file(normalise_path(path))
    return STATUS_FINE


def show_file(path: str) -> None:
    volume = require_volume()
    if volume.find(path).is_directory:
        raise OSError(EISDIR, f"{path} is a directory")
    file = volume.open(path)
    piece = new_array(u8, PIECE_BYTES)
    offset = 0
    while offset < file.size:
        size = file.read(offset, piece)
        CONSOLE.write_bytes(bytes(piece[0:size]))
        offset += size
