"""A checked tree → the bytes of a FAT16 file system, as pieces at offsets (FAT specification 1.03).

    sector 0 boot sector | first FAT | second FAT | root directory, 512 entries | data clusters

Every file and directory lies in one run of clusters, in the order of a walk of the tree, so the image depends on
names and contents only. What is zero is not produced: `write_fat16` yields (offset, bytes) pieces of a volume whose
other bytes are zero, so that a 64 MiB volume costs what its files cost. Dates are 1980-01-01, the serial number comes
from the caller.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import pack

from compiler.formats import fat
from compiler.formats.fat import Attribute, LowerCase
from compiler.image.errors import ImageError, ImageErrorCode
from compiler.image.root_tree import DirectoryNode, FileNode
from compiler.image.short_names import ShortName, assign_short_names

_OEM_NAME = b"MSWIN4.1"  # the name the specification recommends, because some drivers look for it
_VOLUME_LABEL = b"PYC        "
_FILE_SYSTEM_TYPE = b"FAT16   "
_RESERVED_SECTORS = 1  # the specification wants exactly 1 on FAT16
_FAT_COUNT = 2
_ROOT_ENTRIES = 512
_ROOT_SECTORS = _ROOT_ENTRIES * fat.DIRECTORY_ENTRY.size // fat.SECTOR_SIZE
_SECTORS_PER_TRACK, _HEADS = 63, 255  # the geometry that BIOSes assume for a large disk; nobody addresses by it
_DRIVE_NUMBER = 0x80
_SMALLEST_CLUSTER, _LARGEST_CLUSTER = 4, 64  # sectors: 2 KiB suits 64 MiB, 32 KiB is the portable maximum

Piece = tuple[int, bytes]  # offset in bytes, contents


@dataclass(frozen=True, slots=True)
class Geometry:
    """The sizes of one volume, in sectors unless the name says otherwise."""

    total: int
    per_cluster: int
    per_fat: int
    clusters: int

    @property
    def root_start(self) -> int:
        return _RESERVED_SECTORS + _FAT_COUNT * self.per_fat

    @property
    def data_start(self) -> int:
        return self.root_start + _ROOT_SECTORS

    @property
    def cluster_bytes(self) -> int:
        return self.per_cluster * fat.SECTOR_SIZE

    def cluster_offset(self, cluster: int) -> int:
        """Byte offset of a cluster's first byte."""
        return (self.data_start + (cluster - fat.FIRST_CLUSTER) * self.per_cluster) * fat.SECTOR_SIZE


def choose_geometry(total: int) -> Geometry:
    """The smallest clusters with which `total` sectors are FAT16 by the specification's count."""
    per_cluster = _SMALLEST_CLUSTER
    while per_cluster <= _LARGEST_CLUSTER:
        geometry = _geometry(total, per_cluster)
        if geometry.clusters < fat.FAT16_CLUSTER_LIMIT:
            break
        per_cluster *= 2
    if not fat.FAT16_FEWEST_CLUSTERS <= geometry.clusters < fat.FAT16_CLUSTER_LIMIT:
        size = total * fat.SECTOR_SIZE
        message = f"a volume of {size} bytes cannot be FAT16 (about 9 MiB to 2 GiB can)"
        raise ImageError(ImageErrorCode.NO_ROOM, message)
    return geometry


def _geometry(total: int, per_cluster: int) -> Geometry:
    """The FAT's size depends on the count of clusters and the other way round: grow the FAT until it is enough."""
    per_fat = 1
    while True:
        data = total - _RESERVED_SECTORS - _FAT_COUNT * per_fat - _ROOT_SECTORS
        clusters = max(data, 0) // per_cluster
        needed = -(-(clusters + fat.FIRST_CLUSTER) * 2 // fat.SECTOR_SIZE)
        if needed <= per_fat:
            return Geometry(total, per_cluster, per_fat, clusters)
        per_fat = needed


def write_fat16(root: DirectoryNode, total_sectors: int, hidden_sectors: int, serial: int) -> Iterator[Piece]:
    """The volume's pieces; `hidden_sectors` is the partition's first sector on the disk."""
    geometry = choose_geometry(total_sectors)
    volume = _Volume(geometry)
    volume.place(root)
    yield 0, _boot_sector(geometry, hidden_sectors, serial)
    table = pack(f"<{len(volume.table)}H", *volume.table)
    for number in range(_FAT_COUNT):
        yield (_RESERVED_SECTORS + number * geometry.per_fat) * fat.SECTOR_SIZE, table
    yield from volume.pieces


def _boot_sector(geometry: Geometry, hidden_sectors: int, serial: int) -> bytes:
    small_total = geometry.total if geometry.total < 1 << 16 else 0
    sector = bytearray(fat.SECTOR_SIZE)
    fat.BOOT_SECTOR.pack_into(
        sector,
        0,
        fat.BOOT_JUMP,
        _OEM_NAME,
        fat.SECTOR_SIZE,
        geometry.per_cluster,
        _RESERVED_SECTORS,
        _FAT_COUNT,
        _ROOT_ENTRIES,
        small_total,
        fat.MEDIA_FIXED,
        geometry.per_fat,
        _SECTORS_PER_TRACK,
        _HEADS,
        hidden_sectors,
        0 if small_total else geometry.total,
        _DRIVE_NUMBER,
        0,
        fat.EXTENDED_BOOT_SIGNATURE,
        serial,
        _VOLUME_LABEL,
        _FILE_SYSTEM_TYPE,
    )
    sector[510:512] = fat.SECTOR_SIGNATURE
    return bytes(sector)


@dataclass(slots=True)
class _Volume:
    """The allocation table and the contents of clusters while the tree is placed."""

    geometry: Geometry
    table: list[int] = field(default_factory=lambda: [0xFF00 | fat.MEDIA_FIXED, fat.FAT16_END_OF_CHAIN])
    pieces: list[Piece] = field(default_factory=list)

    def place(self, root: DirectoryNode) -> None:
        """Give every file and directory its clusters, then write the root directory, which has none."""
        self._check_room(root)
        label = _entry(_VOLUME_LABEL, Attribute.VOLUME_ID, LowerCase(0), 0, 0)
        entries = label + self._entries(root, 0)
        if len(entries) > _ROOT_ENTRIES * fat.DIRECTORY_ENTRY.size:
            needed = len(entries) // fat.DIRECTORY_ENTRY.size
            message = f"the root directory needs {needed} entries and has room for {_ROOT_ENTRIES}: use subdirectories"
            raise ImageError(ImageErrorCode.NO_ROOM, message)
        self.pieces.append((self.geometry.root_start * fat.SECTOR_SIZE, entries))

    def _check_room(self, root: DirectoryNode) -> None:
        needed = sum(_clusters_below(node, self.geometry) for node in root.ordered())
        if needed > self.geometry.clusters:
            room = self.geometry.clusters * self.geometry.cluster_bytes
            wanted = needed * self.geometry.cluster_bytes
            message = (
                f"the files need {wanted} bytes in clusters of {self.geometry.cluster_bytes}, there is room for {room}"
            )
            raise ImageError(ImageErrorCode.NO_ROOM, message)

    def _allocate(self, size: int) -> int:
        """A run of clusters for `size` bytes: its first cluster, 0 for none."""
        count = -(-size // self.geometry.cluster_bytes)
        if not count:
            return 0
        first = len(self.table)
        self.table.extend(range(first + 1, first + count))
        self.table.append(fat.FAT16_END_OF_CHAIN)
        return first

    def _entries(self, directory: DirectoryNode, own_cluster: int) -> bytes:
        """The directory's entries for its children, which are placed on the way."""
        children = directory.ordered()
        short_names = assign_short_names(child.name for child in children)
        entries = bytearray()
        for child in children:
            short = short_names[child.name]
            if short.needs_long_entries:
                entries += _long_entries(child.name, short)
            entries += self._place_child(child, short, own_cluster)
        return bytes(entries)

    def _place_child(self, child: DirectoryNode | FileNode, short: ShortName, parent: int) -> bytes:
        if isinstance(child, FileNode):
            cluster = self._allocate(len(child.data))
            if cluster:
                self.pieces.append((self.geometry.cluster_offset(cluster), child.data))
            return _entry(short.name, Attribute.ARCHIVE, short.lower_case, cluster, len(child.data))
        cluster = self._allocate(_directory_size(child))
        dots = _entry(b".          ", Attribute.DIRECTORY, LowerCase(0), cluster, 0)
        dots += _entry(b"..         ", Attribute.DIRECTORY, LowerCase(0), parent, 0)
        self.pieces.append((self.geometry.cluster_offset(cluster), dots + self._entries(child, cluster)))
        return _entry(short.name, Attribute.DIRECTORY, short.lower_case, cluster, 0)


def _clusters_below(node: DirectoryNode | FileNode, geometry: Geometry) -> int:
    """Clusters of a node and all below it; what no volume could hold is refused by name."""
    if isinstance(node, FileNode):
        if len(node.data) > fat.LARGEST_FILE:
            message = f"{node.name!r} has {len(node.data)} bytes, a FAT file at most {fat.LARGEST_FILE}"
            raise ImageError(ImageErrorCode.NO_ROOM, message)
        return -(-len(node.data) // geometry.cluster_bytes)
    size = _directory_size(node)
    if size > fat.LARGEST_DIRECTORY:
        message = f"directory {node.name!r} needs {size // fat.DIRECTORY_ENTRY.size} entries, FAT allows 65536"
        raise ImageError(ImageErrorCode.NO_ROOM, message)
    return -(-size // geometry.cluster_bytes) + sum(
        _clusters_below(child, geometry) for child in node.children.values()
    )


def _directory_size(directory: DirectoryNode) -> int:
    """Bytes of a subdirectory: the two dot entries, and for each child its long entries and its short one."""
    short_names = assign_short_names(child.name for child in directory.ordered())
    count = 2
    for child in directory.children.values():
        count += 1
        if short_names[child.name].needs_long_entries:
            count += -(-_utf16_length(child.name) // fat.LONG_ENTRY_CHARACTERS)
    return count * fat.DIRECTORY_ENTRY.size


def _utf16_length(name: str) -> int:
    return len(name.encode("utf-16-le")) // 2


def _entry(name: bytes, attributes: Attribute, lower_case: LowerCase, cluster: int, size: int) -> bytes:
    date = fat.DATE_EPOCH
    return fat.DIRECTORY_ENTRY.pack(name, attributes, lower_case, 0, 0, date, date, 0, 0, date, cluster, size)


def _long_entries(name: str, short: ShortName) -> bytes:
    """The long entries in their order on disk, last part first ("Organization and Association of Long Entries")."""
    checksum = fat.short_name_checksum(short.name)
    part_size = 2 * fat.LONG_ENTRY_CHARACTERS
    encoded = name.encode("utf-16-le")
    if len(encoded) % part_size:
        encoded += b"\0\0"  # one terminator, then 0xFFFF padding, and neither if the name fills its entries exactly
        encoded += b"\xff" * (-len(encoded) % part_size)
    parts = [encoded[start : start + part_size] for start in range(0, len(encoded), part_size)]
    entries = bytearray()
    for number in range(len(parts), 0, -1):
        order = number | (fat.LONG_ENTRY_LAST if number == len(parts) else 0)
        part = parts[number - 1]
        entries += fat.LONG_ENTRY.pack(order, part[:10], Attribute.LONG_NAME, 0, checksum, part[10:22], 0, part[22:])
    return bytes(entries)
