"""A mounted FAT16 volume: paths to entries, entries to lists and files. Reading only.

Paths are absolute, `/` separates, case does not matter, `.` and `..` are walked through real directories (`/missing/..`
does not exist). Every loop is bounded: directories by the specification's 65,536 entries, chains by the number of
clusters, paths by their length. The content of the disk is never trusted.

Errors: ENOENT, ENOTDIR, EISDIR, ENAMETOOLONG, EINVAL by their usual meaning; EFBIG for a file larger than the caller's
limit; EIO for a damaged structure; and whatever the device raises.
"""

from __future__ import annotations

from typing import Final

from kernel.block.boot_record import BOOT_RECORD_SIZE
from kernel.fs.fat.boot_sector import DIRECTORY_ENTRY_SIZE, BootSector, parse_boot_sector
from kernel.fs.fat.directory import DIRECTORY, DirectoryEntry, DirectoryReader
from kernel.fs.fat.file import File
from kernel.fs.fat.names import fold_case
from kernel.fs.fat.sectors import VolumeSectors
from kernel.fs.fat.table import FIRST_CLUSTER, AllocationTable, Extent
from kernel.interfaces.block_device import BlockDevice
from kernel.lib.path_text import demands_directory, split_path
from runtime.abi.error_numbers import EFBIG, EIO, EISDIR, ENOENT, ENOTDIR
from runtime.lang import Array, new_array, u8

_MAX_DIRECTORY_BYTES: Final = 65536 * DIRECTORY_ENTRY_SIZE  # "FAT Directory Structure" of the specification
DEFAULT_FILE_LIMIT: Final = 64 * 1024 * 1024  # bytes that `read_file` and `load_file` take into memory


def mount(device: BlockDevice) -> Volume:
    """Return the FAT16 volume that begins at the device's sector 0, or raise OSError saying what is wrong."""
    boot = new_array(u8, max(device.sector_size, BOOT_RECORD_SIZE))
    device.read_sectors(0, 1, boot[: device.sector_size])
    geometry = parse_boot_sector(boot, device.sector_size * device.sector_count)
    return Volume(VolumeSectors(device, geometry.bytes_per_sector), geometry)


class Volume:
    """The files and directories of one FAT16 volume."""

    geometry: BootSector
    _sectors: VolumeSectors
    _table: AllocationTable

    def __init__(self, sectors: VolumeSectors, geometry: BootSector) -> None:
        self.geometry = geometry
        self._sectors = sectors
        self._table = AllocationTable(sectors, geometry)

    def list_directory(self, path: str) -> list[DirectoryEntry]:
        """Return the entries of a directory in disk order, without `.` and `..`."""
        entry = self.find(path)
        if not entry.is_directory:
            raise OSError(ENOTDIR, f"{path} is not a directory")
        return self._visible_entries(entry)

    def find(self, path: str) -> DirectoryEntry:
        """Return the entry at an absolute path; the root has the name `/`."""
        trail: list[DirectoryEntry] = [_root_entry()]
        for name in split_path(path):
            here = trail[len(trail) - 1]
            if not here.is_directory:
                raise OSError(ENOTDIR, f"{path}: {here.name} is not a directory")
            if name == "..":
                if len(trail) > 1:
                    trail.pop()
            elif name != ".":
                trail.append(self._find_in(here, name, path))
        found = trail[len(trail) - 1]
        if demands_directory(path) and not found.is_directory:
            raise OSError(ENOTDIR, f"{path}: {found.name} is not a directory")
        return found

    def open(self, path: str) -> File:
        """Return the file at the path, its chain checked."""
        entry = self.find(path)
        if entry.is_directory:
            raise OSError(EISDIR, f"{path} is a directory")
        extents: list[Extent] = []
        if entry.first_cluster != 0:
            extents = self._table.extents(entry.first_cluster, self.geometry.cluster_count)
        return File(self._sectors, self.geometry, extents, entry.size)

    def load_file(self, path: str, limit: int = DEFAULT_FILE_LIMIT) -> Array[u8]:
        """Return the whole content as an array; EFBIG when the file is larger than `limit` bytes."""
        file = self.open(path)
        if file.size > limit:
            raise OSError(EFBIG, f"{path} has {file.size} bytes; the limit is {limit}")
        content = new_array(u8, file.size)
        file.read(0, content)
        return content

    def read_file(self, path: str, limit: int = DEFAULT_FILE_LIMIT) -> bytes:
        """Return the whole content; EFBIG when the file is larger than `limit` bytes."""
        return bytes(self.load_file(path, limit))

    def free_bytes(self) -> int:
        """Return the free space by counting the allocation table."""
        return self._table.count_free() * self.geometry.cluster_bytes

    def _find_in(self, directory: DirectoryEntry, name: str, path: str) -> DirectoryEntry:
        """Return the entry of that name in a directory."""
        folded = fold_case(name)
        for entry in self._visible_entries(directory):
            if entry.is_called(folded):
                return entry
        raise OSError(ENOENT, f"{path}: no such file or directory")

    def _visible_entries(self, directory: DirectoryEntry) -> list[DirectoryEntry]:
        """Return the entries of a directory without `.` and `..`."""
        reader = DirectoryReader()
        if directory.name == "/":
            self._read_root(reader)
        else:
            self._read_chain(directory, reader)
        visible: list[DirectoryEntry] = []
        for entry in reader.entries:
            if entry.short_name != "." and entry.short_name != "..":
                visible.append(entry)
        return visible

    def _read_root(self, reader: DirectoryReader) -> None:
        """Feed the fixed root directory."""
        for index in range(self.geometry.root_sectors):
            if reader.finished:
                return
            reader.add_block(self._sectors.cached(self.geometry.root_first_sector + index))

    def _read_chain(self, directory: DirectoryEntry, reader: DirectoryReader) -> None:
        """Feed a directory that is a chain of clusters."""
        if directory.first_cluster == 0:
            raise OSError(EIO, f"FAT: the directory {directory.name} has no clusters")
        limit = max(1, _MAX_DIRECTORY_BYTES // self.geometry.cluster_bytes)
        for extent in self._table.extents(directory.first_cluster, limit):
            first = (extent.first_cluster - FIRST_CLUSTER) * self.geometry.sectors_per_cluster
            for index in range(extent.cluster_count * self.geometry.sectors_per_cluster):
                if reader.finished:
                    return
                reader.add_block(self._sectors.cached(self.geometry.data_first_sector + first + index))


def _root_entry() -> DirectoryEntry:
    """Return the entry that stands for the root, which no directory lists."""
    return DirectoryEntry("/", "/", DIRECTORY, 0, 0, 0, 0)
