"""Files by guest path → a checked tree of directories, and host files → files by guest path.

A guest path is absolute (`/bin/hello`); one that ends in `/` makes an empty directory. FAT compares names without
regard to case, so `/bin/Hello` beside `/bin/hello` is refused; directories that differ only in case are one, spelled
as at first. Everything that a FAT long name cannot hold is refused here (FAT specification, "Long Name"), so the
writer need not check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from compiler.formats import fat
from compiler.image.errors import ImageError, ImageErrorCode

_FORBIDDEN = frozenset('"*/:<>?\\|')
_DEEPEST_PATH = 64  # names in a path; keeps every walk of the tree shallow


@dataclass(slots=True)
class FileNode:
    """A file's name as given and its contents."""

    name: str
    data: bytes


@dataclass(slots=True)
class DirectoryNode:
    """A directory; `children` is keyed by the upper-case name, which is what FAT compares."""

    name: str
    children: dict[str, DirectoryNode | FileNode] = field(default_factory=dict)

    def ordered(self) -> list[DirectoryNode | FileNode]:
        """The children in the order in which they are written."""
        return [self.children[key] for key in sorted(self.children)]


def build_tree(files: Mapping[str, bytes]) -> DirectoryNode:
    """Check every path and hang every file into the tree."""
    root = DirectoryNode("")
    for path, data in files.items():
        *directories, name = _split(path)
        place = root
        for directory in directories:
            place = _enter(place, directory, path)
        if name:
            _add_file(place, FileNode(name, data), path)
        elif data:
            raise _bad(path, "ends in / and so is a directory, which has no contents")
    return root


def read_host_files(additions: Iterable[tuple[Path, str]]) -> dict[str, bytes]:
    """(host file, guest path) pairs → files by guest path; a path given twice is refused."""
    files: dict[str, bytes] = {}
    for host, guest in additions:
        if guest in files:
            raise _bad(guest, "is given twice")
        try:
            files[guest] = host.read_bytes()
        except OSError as fault:
            message = f"cannot read {host}: {fault.strerror or fault}"
            raise ImageError(ImageErrorCode.HOST_FILE, message) from fault
    return files


def split_addition(text: str) -> tuple[Path, str]:
    """`HOSTFILE:/guest/path` → its two halves; the last `:/` divides, so host names may contain colons."""
    host, divider, guest = text.rpartition(":/")
    if not divider or not host or not guest:
        raise _bad(text, "should look like HOSTFILE:/guest/path")
    return Path(host), "/" + guest


def _bad(path: str, reason: str) -> ImageError:
    return ImageError(ImageErrorCode.BAD_NAME, f"{path!r} {reason}")


def _split(path: str) -> list[str]:
    """The path's names; the last one is empty if the path names a directory."""
    if not path.startswith("/"):
        raise _bad(path, "is not an absolute path (it should start with /)")
    parts = path[1:].split("/")
    if parts == [""]:
        raise _bad(path, "names the root itself")
    if len(parts) > _DEEPEST_PATH:
        raise _bad(path, f"has more than {_DEEPEST_PATH} names")
    for number, name in enumerate(parts):
        if name or number < len(parts) - 1:
            _check_name(name, path)
    return parts


def _check_name(name: str, path: str) -> None:
    if not name:
        raise _bad(path, "has an empty name between two slashes")
    if name in (".", ".."):
        raise _bad(path, f"contains {name!r}")
    if name != name.strip(" ") or name.endswith("."):
        raise _bad(path, f"has the name {name!r}, which begins or ends with a space or ends with a dot")
    for character in name:
        if character in _FORBIDDEN or character < " " or character == "\x7f" or "\ud800" <= character <= "\udfff":
            raise _bad(path, f"has the character {character!r}, which FAT does not allow")
    if len(name.encode("utf-16-le")) // 2 > fat.LONGEST_NAME:
        raise _bad(path, f"has a name of more than {fat.LONGEST_NAME} characters")


def fold_case(name: str) -> str:
    """What FAT compares: every character in upper case, where that is one character."""
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in name)


def _enter(place: DirectoryNode, name: str, path: str) -> DirectoryNode:
    child = place.children.setdefault(fold_case(name), DirectoryNode(name))
    if isinstance(child, FileNode):
        raise _bad(path, f"uses {name!r} as a directory, which is a file")
    return child


def _add_file(place: DirectoryNode, file: FileNode, path: str) -> None:
    known = place.children.setdefault(fold_case(file.name), file)
    if known is not file:
        raise _bad(path, f"is there twice: FAT does not tell {known.name!r} from {file.name!r}")
