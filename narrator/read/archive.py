"""Files inside a zip archive, read with limits: nothing is unpacked to disk, or without bound."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from urllib.parse import unquote

from narrator.errors import StoryError
from narrator.read.options import MEGABYTE, Limits

RATIO_FROM_BYTES = 4 * MEGABYTE
"""From this size on, what a file unpacks to is held against its packed size."""

_CHUNK_BYTES = 1024 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    IndexError,
    OverflowError,
)


class Archive:
    """An open zip archive of a story.

    Members are found by their names alone: a path that leaves the archive names none, so nothing
    outside it is ever looked at.
    """

    def __init__(self, file: zipfile.ZipFile, name: str, limits: Limits) -> None:
        self._file = file
        self._name = name
        self.limits = limits
        self._unpacked = 0
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in file.infolist():
            self._members.setdefault(_normal(member.filename), member)
        self._by_lower = {path.lower(): path for path in reversed(self._members)}

    @property
    def names(self) -> tuple[str, ...]:
        """Paths of all members, as the archive lists them."""
        return tuple(self._members)

    def find(self, path: str) -> str | None:
        """The member at a path, be it with escapes or in another case; None where there is none."""
        for asked in (path, unquote(path)):
            normal = _normal(asked)
            if normal in self._members:
                return normal
            if normal.lower() in self._by_lower:
                return self._by_lower[normal.lower()]
        return None

    def read(self, path: str) -> bytes | None:
        """The bytes of a member; None where there is none.

        Raises
        ------
        StoryError
            It is damaged, encrypted, packed in an unknown way, or unpacks to more than the limits.
        """
        found = self.find(path)
        if found is None:
            return None
        member = self._members[found]
        if member.flag_bits & 1:
            raise StoryError(f"{self._name} is encrypted with a password: {found} cannot be read")
        if member.compress_type not in _METHODS:
            raise StoryError(f"{self._name}: {found} is packed in a way that no book should be")
        try:
            return self._unpack(member, found)
        except _FAULTS as exc:
            raise StoryError(
                f"{self._name} is damaged: {found} in it cannot be unpacked. Get the file again"
            ) from exc

    def _unpack(self, member: zipfile.ZipInfo, path: str) -> bytes:
        limits = self.limits
        most = max(RATIO_FROM_BYTES, limits.pack_ratio * max(member.compress_size, 1))
        chunks: list[bytes] = []
        size = 0
        with self._file.open(member) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > most:
                    raise StoryError(
                        f"{self._name} is refused as a zip bomb: {path} in it unpacks to more than "
                        f"limits.pack_ratio = {limits.pack_ratio} times its size"
                    )
                place = f"{path} in {self._name}"
                limits.check("text_mb", size, name=place, noun="data")
                limits.check("unpacked_mb", self._unpacked + size, name=self._name, noun="data")
                chunks.append(chunk)
        self._unpacked += size
        return b"".join(chunks)


def open_archive(data: bytes, *, name: str, limits: Limits) -> Archive:
    """Open a zip archive that is in memory.

    Raises
    ------
    StoryError
        It is no zip archive, is cut short, or has too many members.
    """
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
        count = len(file.infolist())
    except _FAULTS as exc:
        raise StoryError(
            f"{name} is damaged: it begins as a zip archive but cannot be opened. "
            "Get the file again"
        ) from exc
    limits.check("archive_files", count, name=name, noun="files")
    return Archive(file, name, limits)


def join_path(base: str, reference: str) -> tuple[str, str]:
    """A reference in the file at `base` as a path in the archive, and its fragment.

    A path that would leave the archive begins with ``..`` and so names no member.
    """
    path, _, fragment = reference.partition("#")
    path = unquote(path.partition("?")[0])
    if not path:
        return base, unquote(fragment)
    return _normal(posixpath.join(posixpath.dirname(base), path)), unquote(fragment)


def _normal(path: str) -> str:
    normal = posixpath.normpath(path.replace("\\", "/").lstrip("/"))
    return "" if normal == "." else normal
