"""Paths as text: splitting into names, normalising, joining.

`/` separates, repeated separators count once, a path is absolute or relative to a given folder. `.` and `..` are kept
by `split_path`, because only a walk over the real tree knows whether `a/..` exists; `normalise_path` resolves them by
text, for showing and for the monitor's arguments. Limits are Linux's (limits.h): PATH_MAX and NAME_MAX.
"""

from __future__ import annotations

from typing import Final

from runtime.abi.error_numbers import EINVAL, ENAMETOOLONG, ENOENT

MAX_PATH: Final = 4096  # bytes of UTF-8, the terminating zero of the C interface included
MAX_NAME: Final = 255  # code units of one name


def split_path(path: str) -> list[str]:
    """Return the names between separators; empty for the root.

    Raises ENOENT for an empty path, ENAMETOOLONG past the limits, EINVAL for a NUL character.
    """
    if len(path) == 0:
        raise OSError(ENOENT, "an empty path")
    if len(path) >= MAX_PATH:
        raise OSError(ENAMETOOLONG, f"a path of {len(path)} characters; the limit is {MAX_PATH - 1}")
    if "\0" in path:
        raise OSError(EINVAL, "a NUL character in a path")
    names: list[str] = []
    for name in path.split("/"):
        if len(name) > MAX_NAME:
            raise OSError(ENAMETOOLONG, f"a name of {len(name)} characters; the limit is {MAX_NAME}")
        if len(name) > 0:
            names.append(name)
    return names


def demands_directory(path: str) -> bool:
    """Tell whether the spelling only fits a directory: a trailing separator, `.` or `..`."""
    return path.endswith("/") or path.endswith("/.") or path.endswith("/..") or path == "." or path == ".."


def join_path(folder: str, path: str) -> str:
    """Return `path` seen from `folder`: itself when absolute, else below the folder."""
    if path.startswith("/") or len(folder) == 0:
        return path
    if folder.endswith("/"):
        return folder + path
    return folder + "/" + path


def normalise_path(path: str) -> str:
    """Return the absolute path without `.`, `..` and repeated separators; `..` above the root stays at the root."""
    names: list[str] = []
    for name in split_path(path):
        if name == "..":
            if len(names) > 0:
                names.pop()
        elif name != ".":
            names.append(name)
    return "/" + "/".join(names)


def last_name(path: str) -> str:
    """Return the last name of the path, or `/` for the root."""
    names = split_path(path)
    return names[len(names) - 1] if len(names) > 0 else "/"
