"""The build cache: objects by the hash of their LLVM text, finished images by the hash of everything they were made
from.

The folder is `$PYC_CACHE_DIR`, else `pyc` under `$XDG_CACHE_HOME` or `~/.cache`. An entry is a file: the SHA-256 of its
content, then the content. Entries are written to a temporary name and renamed, so two builds at once or a Ctrl-C never
leave half a file.

Contract: the cache never changes a result. An entry whose content does not have its sum is as good as absent, and a
folder that cannot be read or written only makes the build slower.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

FORMAT = "2"
"""Raised when the meaning of entries changes."""
SUM_SIZE = 32
"""Bytes of SHA-256."""
SIZE_LIMIT = 1 << 30
"""Bytes; above it the entries that were not used for the longest time go."""
DAY_SECONDS = 86_400


def cache_folder() -> Path:
    """Where entries live."""
    chosen = os.environ.get("PYC_CACHE_DIR")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    if base:
        return Path(base) / "pyc"
    try:
        return Path.home() / ".cache" / "pyc"
    except RuntimeError:  # no home folder at all: no cache, rather than one that others could write to
        return Path(os.devnull) / "pyc"


def digest(*parts: bytes | str) -> str:
    """A key from parts; their borders count."""
    state = hashlib.sha256(FORMAT.encode())
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()


def read_entry(kind: str, key: str) -> bytes | None:
    """An entry's content; None when it is absent or damaged."""
    path = entry_path(kind, key)
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    data = stored[SUM_SIZE:]
    if hashlib.sha256(data).digest() != stored[:SUM_SIZE]:
        with contextlib.suppress(OSError):
            path.unlink()
        return None
    return data


def write_entry(kind: str, key: str, data: bytes) -> None:
    """Store an entry, quietly giving up where the folder cannot be written."""
    path = entry_path(kind, key)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, hashlib.sha256(data).digest() + data, 0o644)


def entry_path(kind: str, key: str) -> Path:
    return cache_folder() / kind / key[:2] / key[2:]


# --- writing files ---------------------------------------------------------------------------------------------------


def write_atomically(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a result so that the file is either the old one or the new one, never half of it.

    A link keeps pointing where it points. A device or a pipe is written to, not replaced.
    """
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, data, mode & ~current_umask())
    except OSError as error:
        # The temporary name would tell the user nothing.
        raise OSError(error.errno, error.strerror, str(path)) from error


def replace_file(path: Path, data: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".pyc-unfinished-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def current_umask() -> int:
    """The mask of the process, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


# --- what results depend on ------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def compiler_fingerprint() -> str:
    """Changes whenever a file of the compiler or the runtime does, or Python, or LLVM."""
    root = Path(__file__).resolve().parent.parent
    state = hashlib.sha256(toolchain_fingerprint().encode())
    for package in ("compiler", "runtime"):
        for path in sorted((root / package).rglob("*.py")):
            found = path.stat()
            state.update(f"{path.relative_to(root)}:{found.st_size}:{found.st_mtime_ns}\n".encode())
    return state.hexdigest()


@lru_cache(maxsize=1)
def toolchain_fingerprint() -> str:
    """What an object depends on beside its text: LLVM, and the module that drives it."""
    from importlib.util import find_spec

    state = hashlib.sha256(sys.version.encode())
    package = find_spec("llvmlite")
    if package is not None and package.origin is not None:
        version = Path(package.origin).with_name("_version.py")
        state.update(version.read_bytes() if version.exists() else package.origin.encode())
    state.update(Path(__file__).with_name("codegen").joinpath("machine.py").read_bytes())
    return state.hexdigest()


def stamp_of(path: Path) -> list[int | str]:
    """Size and content hash of an input file."""
    data = path.read_bytes()
    return [len(data), hashlib.sha256(data).hexdigest()]


# --- whole results ---------------------------------------------------------------------------------------------------


def read_result(request: str) -> dict[str, bytes] | None:
    """The named parts made for this request, if none of its inputs changed since."""
    manifest = read_entry("request", request)
    if manifest is None:
        return None
    try:
        record = json.loads(manifest)
        unchanged = all(stamp_of(Path(name)) == stamp for name, stamp in record["inputs"].items())
        if not unchanged or any(os.path.lexists(name) for name in record["absent"]):
            return None
        parts = {name: read_entry("part", key) for name, key in record["parts"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    found = {name: data for name, data in parts.items() if data is not None}
    return found if len(found) == len(parts) else None


def write_result(request: str, inputs: Iterable[Path], absent: Iterable[Path], parts: Mapping[str, bytes]) -> None:
    """Remember a result under its request, the inputs it was made from and the files that would have changed it."""
    keys = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    for name, data in parts.items():
        write_entry("part", keys[name], data)
    with contextlib.suppress(OSError):
        stamps = {str(path.absolute()): stamp_of(path) for path in inputs}
        missing = sorted(str(path.absolute()) for path in absent)
        record = {"inputs": stamps, "absent": missing, "parts": keys}
        write_entry("request", request, json.dumps(record, sort_keys=True).encode())
        trim()


def read_image(request: str) -> bytes | None:
    """A result of one part."""
    found = read_result(request)
    return found.get("image") if found is not None else None


def write_image(request: str, inputs: Iterable[Path], data: bytes) -> None:
    """Remember a result of one part."""
    write_result(request, inputs, (), {"image": data})


# --- size ------------------------------------------------------------------------------------------------------------


def trim(limit: int = SIZE_LIMIT) -> None:
    """Once a day: remove unfinished files, and the oldest entries when all together are too large."""
    mark = cache_folder() / "trimmed"
    now = time.time()
    if mark.exists() and now - mark.stat().st_mtime < DAY_SECONDS:
        return
    mark.touch()
    found = []
    for path in cache_folder().rglob("*"):
        status = path.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode) or path == mark:
            continue
        if path.name.startswith(".pyc-unfinished-") and now - status.st_mtime > DAY_SECONDS:
            path.unlink(missing_ok=True)
        else:
            found.append((max(status.st_mtime, status.st_atime), status.st_size, path))
    excess = sum(size for _, size, _ in found) - limit
    for _, size, path in sorted(found):
        if excess <= 0:
            break
        path.unlink(missing_ok=True)
        excess -= size
