"""The one place that opens paths: reading, writing whole or not at all, and the cache."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from narrator.errors import NarratorError, StoreError


def read_bytes(path: Path, error: type[NarratorError] = StoreError) -> bytes:
    """The content of a file.

    Raises
    ------
    error
        It is missing, a folder, or not readable.
    """
    try:
        return path.read_bytes()
    except OSError as exc:
        raise error(describe(path, exc, "read")) from exc


def describe(path: Path, exc: OSError, verb: str) -> str:
    """One line that says why `path` cannot be read or written."""
    if isinstance(exc, FileNotFoundError):
        return f"{path}: no such file" if verb == "read" else f"{path}: its folder does not exist"
    if isinstance(exc, IsADirectoryError) or (os.name == "nt" and path.is_dir()):
        return f"{path}: is a folder, not a file"
    if exc.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return (
            f"{path}: the disk is full; what was finished is kept, so free some space and run again"
        )
    return f"{path}: cannot {verb} it: {exc.strerror or exc}"


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; on success sync it and rename it to `path`.

    The file under `path` appears whole or not at all: whatever goes wrong, the temporary file is
    removed, and a file that was there before stays as it was. The folder is made where it is
    missing.

    Raises
    ------
    StoreError
        The folder cannot be written or the disk is full.
    """
    temporary = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(exist_ok=False)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as exc:
        raise StoreError(describe(path, exc, "write")) from exc
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file, whole or not at all, keeping the line endings that `text` has.

    Raises
    ------
    StoreError
        See `replacing`.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    StoreError
        See `replacing`.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(data)


_PARTS = "parts"
_DAY_S = 86_400
_DIGEST_BYTES = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """Content-addressed blobs in a folder: what can be made again, and need not be.

    A blob is stored with its SHA-256 before it, and one that no longer matches is as good as
    absent. Safe with several processes at once: a blob appears by rename, and equal keys hold equal
    bytes.
    """

    root: Path

    def path_of(self, kind: str, key: str) -> Path:
        """Where the blob of this kind and key is, or would be."""
        return self.root / kind / key[:2] / key

    def get(self, kind: str, key: str) -> bytes | None:
        """The blob, or None where it is absent, cut short or changed."""
        try:
            data = self.path_of(kind, key).read_bytes()
        except OSError:
            return None
        digest, blob = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
        return blob if hashlib.sha256(blob).digest() == digest else None

    def put(self, kind: str, key: str, blob: bytes) -> None:
        """Store a blob.

        Raises
        ------
        StoreError
            The folder cannot be written or the disk is full.
        """
        path = self.path_of(kind, key)
        temporary = self.root / _PARTS / secrets.token_hex(8)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.parent.mkdir(exist_ok=True)
            # Not synced: after a power cut a blob may be short, which its digest shows.
            temporary.write_bytes(hashlib.sha256(blob).digest() + blob)
            temporary.replace(path)
        except OSError as exc:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise StoreError(describe(self.root, exc, "write")) from exc

    def sweep(self) -> None:
        """Remove what killed processes left half written more than a day ago."""
        with contextlib.suppress(OSError):
            for path in (self.root / _PARTS).iterdir():
                if path.stat().st_mtime < time.time() - _DAY_S:
                    path.unlink(missing_ok=True)
