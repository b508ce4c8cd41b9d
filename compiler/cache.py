"""The build cache: objects by the hash of their LLVM text, finished images by the hash of everything they were made
from.

The folder is `$PYC_CACHE_DIR`, else `pyc` under `$XDG_CACHE_HOME` or `~/.cache`. Entries are written to a temporary
name and renamed, so two builds at once
or a Ctrl-C never leave half a file. A cache that cannot be written is no error: the build is only slower.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

FORMAT = "1"
"""Raised when the meaning of entries changes."""


def cache_folder() -> Path:
    """Where entries live."""
    chosen = os.environ.get("PYC_CACHE_DIR")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "pyc"


def digest(*parts: bytes | str) -> str:
    """A key from parts; their borders count."""
    state = hashlib.sha256(FORMAT.encode())
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()


def read_entry(kind: str, key: str) -> bytes | None:
    """An entry's content, or None."""
    try:
        return entry_path(kind, key).read_bytes()
    except OSError:
        return None


def write_entry(kind: str, key: str, data: bytes) -> None:
    """Store an entry, quietly giving up where the folder cannot be written."""
    path = entry_path(kind, key)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)


def entry_path(kind: str, key: str) -> Path:
    return cache_folder() / kind / key[:2] / key[2:]


def write_atomically(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file so that it is either the old one or the new one, never half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


# --- whole images
# ----------------------------------------------------------------------------------------------------------


def compiler_fingerprint() -> str:
    """Changes whenever a file of the compiler or the runtime does."""
    root = Path(__file__).resolve().parent.parent
    state = hashlib.sha256()
    for package in ("compiler", "runtime"):
        for path in sorted((root / package).rglob("*.py")):
            found = path.stat()
            state.update(f"{path.relative_to(root)}:{found.st_size}:{found.st_mtime_ns}\n".encode())
    return state.hexdigest()


def stamp_of(path: Path) -> list[int | str]:
    """Size and content hash of an input file."""
    data = path.read_bytes()
    return [len(data), hashlib.sha256(data).hexdigest()]


def read_image(request: str) -> bytes | None:
    """The image made for this request, if none of its inputs changed since."""
    manifest = read_entry("request", request)
    if manifest is None:
        return None
    try:
        record = json.loads(manifest)
        unchanged = all(stamp_of(Path(name)) == stamp for name, stamp in record["inputs"].items())
        absent = all(not Path(name).exists() for name in record["absent"])
        return read_entry("image", record["image"]) if unchanged and absent else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_image(request: str, inputs: Iterable[Path], data: bytes) -> None:
    """Remember an image under its request and the inputs it was made from."""
    key = hashlib.sha256(data).hexdigest()
    with contextlib.suppress(OSError):
        record = {"inputs": {str(path): stamp_of(path) for path in inputs}, "absent": [], "image": key}
        write_entry("image", key, data)
        write_entry("request", request, json.dumps(record, sort_keys=True).encode())
