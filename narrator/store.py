"""The one place that opens paths: reading, writing whole or not at all, and the cache."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from narrator.errors import DISK_FULL, NarratorError, StoreError


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
    if isinstance(exc, FileExistsError | NotADirectoryError):
        return f"{path}: {path.parent} is not a folder"
    if isinstance(exc, IsADirectoryError) or (os.name == "nt" and path.is_dir()):
        return f"{path}: is a folder, not a file"
    if exc.errno in DISK_FULL:
        return (
            f"{path}: the disk is full; what was finished is kept, so free some space and run again"
        )
    return f"{path}: cannot {verb} it: {exc.strerror or exc}"


def exists(path: Path) -> bool:
    """Whether something is there; nothing is by a name that is too long, or where none may look."""
    try:
        return path.exists()
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Whether a file is there; see `exists`."""
    return exists(path) and path.is_file()


def is_folder(path: Path) -> bool:
    """Whether a folder is there; see `exists`."""
    return exists(path) and path.is_dir()


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
    path = _followed(path)
    temporary = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        _refuse_target(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(exist_ok=False)
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as exc:
        raise StoreError(describe(path, exc, "write")) from exc
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _followed(path: Path) -> Path:
    """What a link points to: the link stays, and that is replaced."""
    try:
        return path.resolve() if path.is_symlink() else path
    except OSError:  # whatever is wrong with it is told by who writes it
        return path


def _refuse_target(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is a device or the like, not a file")
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "it is write-protected")


def ensure_writable(path: Path) -> None:
    """Make sure that `replacing` can write `path`, before much work is done for it.

    Raises
    ------
    StoreError
        See `replacing`.
    """
    probe = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        _refuse_target(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        probe.touch(exist_ok=False)
    except OSError as exc:
        raise StoreError(describe(path, exc, "write")) from exc
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)


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


_PARTS, _SCRATCH = "parts", "scratch"
_LONGEST_BUILD_DAYS = 30
_DAY_S = 86_400
_DIGEST_BYTES = hashlib.sha256().digest_size
_KEY = re.compile("[0-9a-f]{4,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """Content-addressed blobs in a folder: what can be made again, and need not be.

    A blob is stored with its SHA-256 before it, and one that no longer matches is as good as
    absent. Safe with several processes at once: a blob appears by rename, and equal keys hold equal
    bytes. The time stamp of a blob's file is that of its last use.
    """

    root: Path

    def path_of(self, kind: str, key: str) -> Path:
        """Where the blob of this kind and key is, or would be."""
        return self.root / kind / key[:2] / key

    def get(self, kind: str, key: str) -> bytes | None:
        """The blob, or None where it is absent, cut short or changed."""
        path = self.path_of(kind, key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        blob = memoryview(data)[_DIGEST_BYTES:]
        if hashlib.sha256(blob).digest() != data[:_DIGEST_BYTES]:
            return None
        self._touch(path)
        return bytes(blob)

    def size_of(self, kind: str, key: str) -> int | None:
        """The size of a blob by its file's, without reading it; None where it is absent.

        Asking counts as use, so that what is about to be read is not the first to be pruned.
        """
        path = self.path_of(kind, key)
        try:
            size = path.stat().st_size - _DIGEST_BYTES
        except OSError:
            return None
        self._touch(path)
        return size

    def _touch(self, path: Path) -> None:
        with contextlib.suppress(OSError):  # a cache that can only be read is of use too
            os.utime(path)

    def put(self, kind: str, key: str, blob: bytes) -> None:
        """Store a blob.

        Raises
        ------
        StoreError
            The folder cannot be written or the disk is full.
        """
        path = self.path_of(kind, key)
        temporary = self.root / _PARTS / secrets.token_hex(8)
        digest = hashlib.sha256(blob).digest()
        try:
            try:
                _write_parts(temporary, digest, blob)
                temporary.replace(path)
            except FileNotFoundError:  # the first of its folder
                path.parent.mkdir(parents=True, exist_ok=True)
                temporary.parent.mkdir(exist_ok=True)
                _write_parts(temporary, digest, blob)
                temporary.replace(path)
        except OSError as exc:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            # Windows lets nobody replace a file while another process reads it.
            if isinstance(exc, PermissionError) and self.get(kind, key) == blob:
                return
            raise StoreError(describe(self.root, exc, "write")) from exc

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give the path of a new file, for as long as it is needed.

        Raises
        ------
        StoreError
            The folder cannot be written.
        """
        path = self.root / _SCRATCH / secrets.token_hex(8)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=False)
        except OSError as exc:
            raise StoreError(describe(self.root, exc, "write")) from exc
        try:
            yield path
        finally:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what killed processes left: half written for a day, or of use for a month ago."""
        for folder, days in ((_PARTS, 1), (_SCRATCH, _LONGEST_BUILD_DAYS)):
            with contextlib.suppress(OSError):
                for path in (self.root / folder).iterdir():
                    if path.stat().st_mtime < time.time() - days * _DAY_S:
                        path.unlink(missing_ok=True)

    def sizes(self) -> dict[str, tuple[int, int]]:
        """For each kind of blob, how many there are and how many bytes they take."""
        count: Counter[str] = Counter()
        size: Counter[str] = Counter()
        for entry, info in self._files():
            kind = Path(entry.path).relative_to(self.root).parts[0]
            count[kind] += 1
            size[kind] += info.st_size
        return {kind: (count[kind], size[kind]) for kind in sorted(count)}

    def prune(self, most_bytes: int, keep: Collection[str] = ()) -> tuple[int, int]:
        """Remove what was not used for longest, until at most so many bytes are left.

        Parameters
        ----------
        keep
            Kinds of blobs that stay, whatever room they take.

        Safe while builds run: what one of them misses, it makes again. What is half written is left
        to them.

        Returns
        -------
        tuple of int
            How many blobs were removed, and how many bytes they took.

        Raises
        ------
        StoreError
            A file cannot be removed.
        """
        files = sorted(
            (info.st_mtime_ns, info.st_size, entry.path) for entry, info in self._files()
        )
        excess = sum(size for _, size, _ in files) - most_bytes
        removed = freed = 0
        for _, size, path in files:
            if freed >= excess:
                break
            if Path(path).relative_to(self.root).parts[0] in keep:
                continue
            try:
                Path(path).unlink(missing_ok=True)
            except PermissionError as exc:
                if os.name == "nt":  # a build is reading it
                    continue
                raise StoreError(describe(Path(path), exc, "remove")) from exc
            except OSError as exc:
                raise StoreError(describe(Path(path), exc, "remove")) from exc
            removed += 1
            freed += size
        return removed, freed

    def _files(self) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
        """The files of all blobs: ``root/kind/2 digits/key`` and nothing else that may be there."""
        for kind in _folders(self.root):
            for folder in _folders(Path(kind.path)):
                with contextlib.suppress(OSError), os.scandir(folder.path) as entries:
                    for entry in entries:
                        if entry.name.startswith(folder.name) and _KEY.fullmatch(entry.name):
                            with contextlib.suppress(OSError):  # removed by another meanwhile
                                yield entry, entry.stat(follow_symlinks=False)


def _folders(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []


def _write_parts(path: Path, *parts: bytes) -> None:
    # Not synced: after a power cut a blob may be short, which its digest shows.
    with path.open("wb") as file:
        for part in parts:
            file.write(part)


_PIECE_BYTES = 4 << 20
"""Of a file, read at once. After each piece a thread may wait its turn for 5 ms if others work."""


def digest_file(path: Path) -> tuple[int, str] | None:
    """Size and SHA-256 of a file, in memory that does not grow with it; None if it is not there."""
    try:
        with path.open("rb", buffering=0) as file:
            digest, room = hashlib.sha256(), memoryview(bytearray(_PIECE_BYTES))
            while read := file.readinto(room):
                digest.update(room[:read])
            return file.tell(), digest.hexdigest()
    except OSError:
        return None


def refuse_overwriting(target: Path, inputs: Iterable[Path], what_for: str) -> None:
    """Make sure that `target` is none of the files that are read, for what the message says.

    Raises
    ------
    StoreError
        It is one of them.
    """
    if any(_is_same_file(target, other) for other in inputs):
        raise StoreError(f"{target}: is read for {what_for} and will not be overwritten")


def _is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, or will."""
    try:
        return one.samefile(other)
    except OSError:
        return os.path.abspath(one) == os.path.abspath(other)  # noqa: PTH100 - no symlink is followed
