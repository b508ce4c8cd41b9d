"""A disk image as text: partition table, FAT geometry, the tree of files with sizes and first clusters.

For people who wonder what is on a stick, and an independent second reader of what `disk` writes: it takes nothing
from the writer but the format tables. Every number of the image is distrusted: offsets are checked, chains and
directories are walked with a bound, and what cannot be followed is said in the line where it stands. Only an image
without any table that can be read raises `ImageError` (E0803).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from compiler.formats import fat, gpt
from compiler.formats.fat import Attribute, LowerCase
from compiler.image.errors import ImageError, ImageErrorCode

_DEEPEST_DIRECTORY = 64


def show_disk(image: bytes | memoryview) -> str:
    """The whole image as lines."""
    data = memoryview(image)
    lines = [f"disk of {len(data)} bytes"]
    for first, last, kind, name in _read_partitions(data):
        lines.append(f"partition {name!r}, sectors {first} to {last}, type {kind}")
        start = first * gpt.SECTOR_SIZE
        end = (last + 1) * gpt.SECTOR_SIZE
        lines += [f"  {line}" for line in _show_volume(data[start:end])]
    return "\n".join(lines) + "\n"


def _refuse(reason: str) -> ImageError:
    return ImageError(ImageErrorCode.BAD_IMAGE, reason)


def _read_partitions(data: memoryview) -> Iterator[tuple[int, int, UUID, str]]:
    header = data[gpt.SECTOR_SIZE : gpt.SECTOR_SIZE + gpt.HEADER.size]
    if len(header) < gpt.HEADER.size or bytes(header[:8]) != gpt.SIGNATURE:
        raise _refuse("no GUID partition table in sector 1")
    _, _, size, checksum, _, _, _, _, _, _, entries_at, count, entry_size, array_checksum = gpt.HEADER.unpack(header)
    blanked = bytes(header[:16]) + bytes(4) + bytes(header[20:])
    if size != gpt.HEADER.size or crc32(blanked) != checksum:
        raise _refuse("the partition table's header has a wrong checksum")
    start = entries_at * gpt.SECTOR_SIZE
    array = data[start : start + count * entry_size]
    if entry_size < gpt.ENTRY.size or len(array) < count * entry_size or crc32(array) != array_checksum:
        raise _refuse("the partition table's entries have a wrong checksum")
    for number in range(count):
        kind, _, first, last, _, name = gpt.ENTRY.unpack_from(array, number * entry_size)
        if UUID(bytes_le=kind) != gpt.TYPE_UNUSED:
            yield first, last, UUID(bytes_le=kind), name.decode("utf-16-le", "replace").rstrip("\0")


@dataclass(frozen=True, slots=True)
class _Volume:
    """A FAT16 volume that is being read."""

    data: memoryview
    cluster_bytes: int
    table_start: int  # all starts in bytes
    root_start: int
    root_entries: int
    data_start: int
    clusters: int

    def cluster(self, number: int) -> memoryview:
        start = self.data_start + (number - fat.FIRST_CLUSTER) * self.cluster_bytes
        return self.data[start : start + self.cluster_bytes]

    def next(self, number: int) -> int:
        start = self.table_start + 2 * number
        return int.from_bytes(self.data[start : start + 2], "little")

    def is_cluster(self, number: int) -> bool:
        return fat.FIRST_CLUSTER <= number < fat.FIRST_CLUSTER + self.clusters

    def chain(self, first: int, most_bytes: int) -> Iterator[int]:
        """The clusters of a chain, at most one more than `most_bytes` needs; it ends early where it is broken."""
        number = first
        for _ in range(most_bytes // self.cluster_bytes + 2):
            if not self.is_cluster(number):
                return
            yield number
            number = self.next(number)


def _show_volume(data: memoryview) -> Iterator[str]:
    volume = _read_volume(data)
    if isinstance(volume, str):
        yield volume
        return
    used = sum(volume.next(number) != 0 for number in range(fat.FIRST_CLUSTER, fat.FIRST_CLUSTER + volume.clusters))
    yield f"FAT16, {volume.clusters} clusters of {volume.cluster_bytes} bytes, {used} in use"
    root = data[volume.root_start : volume.root_start + volume.root_entries * fat.DIRECTORY_ENTRY.size]
    yield from _show_directory(volume, root, "/", 0, set())


def _read_volume(data: memoryview) -> _Volume | str:
    if len(data) < fat.SECTOR_SIZE or bytes(data[510:512]) != fat.SECTOR_SIGNATURE:
        return "not a FAT volume"
    fields = fat.BOOT_SECTOR.unpack_from(data)
    sector_size, per_cluster, reserved, tables, root_entries, small_total = fields[2:8]
    per_table, total = fields[9], small_total or fields[13]
    if sector_size != fat.SECTOR_SIZE or not per_cluster or total * sector_size > len(data):
        return "the boot sector is inconsistent"
    root_sectors = -(-root_entries * fat.DIRECTORY_ENTRY.size // sector_size)
    root_start = reserved + tables * per_table
    clusters = (total - root_start - root_sectors) // per_cluster
    if not fat.FAT16_FEWEST_CLUSTERS <= clusters < fat.FAT16_CLUSTER_LIMIT or per_table * sector_size < 2 * clusters:
        return f"not FAT16 ({max(clusters, 0)} clusters)"
    data_start = (root_start + root_sectors) * sector_size
    cluster_bytes = per_cluster * sector_size
    return _Volume(
        data, cluster_bytes, reserved * sector_size, root_start * sector_size, root_entries, data_start, clusters
    )


def _show_directory(volume: _Volume, raw: memoryview | bytes, path: str, depth: int, seen: set[int]) -> Iterator[str]:
    """`seen` holds the first clusters of directories shown, so that one that contains itself ends the walk."""
    for name, attributes, cluster, size in _read_entries(raw):
        shown = f"{path}{name}"
        if attributes & Attribute.VOLUME_ID:
            yield f"volume label {name!r}"
        elif not attributes & Attribute.DIRECTORY:
            yield _show_file(volume, shown, cluster, size)
        elif depth >= _DEEPEST_DIRECTORY or not volume.is_cluster(cluster) or cluster in seen:
            yield f"{'-':>10}  {shown}/  cluster {cluster}  ← not followed"
        else:
            yield f"{'-':>10}  {shown}/  cluster {cluster}"
            seen.add(cluster)
            chain = volume.chain(cluster, fat.LARGEST_DIRECTORY)
            contents = b"".join(bytes(volume.cluster(number)) for number in chain)
            yield from _show_directory(volume, contents, shown + "/", depth + 1, seen)


def _show_file(volume: _Volume, shown: str, cluster: int, size: int) -> str:
    count = sum(1 for _ in volume.chain(cluster, size))
    fault = "" if count == -(-size // volume.cluster_bytes) else "  ← its chain has another length"
    return f"{size:>10}  {shown}  cluster {cluster}{fault}"


def _read_entries(raw: memoryview | bytes) -> Iterator[tuple[str, int, int, int]]:
    """(name, attributes, first cluster, size), without the dot entries; long names only if their checksum fits."""
    long_name, checksum = b"", -1
    for start in range(0, len(raw) - len(raw) % fat.DIRECTORY_ENTRY.size, fat.DIRECTORY_ENTRY.size):
        entry = bytes(raw[start : start + fat.DIRECTORY_ENTRY.size])
        if entry[0] == fat.ENTRY_END:
            return
        if entry[0] == fat.ENTRY_FREE:
            long_name = b""
        elif entry[11] & 0x3F == Attribute.LONG_NAME:
            order, part1, _, _, checksum, part2, _, part3 = fat.LONG_ENTRY.unpack(entry)
            long_name = part1 + part2 + part3 + (b"" if order & fat.LONG_ENTRY_LAST else long_name)
        else:
            short, attributes, bits, *_, cluster, size = fat.DIRECTORY_ENTRY.unpack(entry)
            is_long = bool(long_name) and checksum == fat.short_name_checksum(short)
            name = _decode_long(long_name) if is_long else _decode_short(short, bits)
            long_name = b""
            if name not in (".", ".."):
                yield name, attributes, cluster, size


def _decode_long(raw: bytes) -> str:
    return raw.decode("utf-16-le", "replace").split("\0")[0]


def _decode_short(raw: bytes, bits: int) -> str:
    stem, extension = raw[:8].decode("cp437").rstrip(), raw[8:].decode("cp437").rstrip()
    stem = stem.lower() if bits & LowerCase.BASE else stem
    extension = extension.lower() if bits & LowerCase.EXTENSION else extension
    return f"{stem}.{extension}" if extension else stem
