"""Files inside a zip archive, read with limits: nothing is unpacked to disk, or without bound."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from urllib.parse import unquote

from narrator.errors import StoryError

MAX_MEMBERS = 30_000
"""Files in one archive."""
MAX_MEMBER_BYTES = 32 * 1024 * 1024
"""Of one file, unpacked."""
MAX_TOTAL_BYTES = 128 * 1024 * 1024
"""Of all files that are read, unpacked."""
MAX_RATIO = 200
"""Bytes unpacked for each packed one, of a file over `RATIO_FROM_BYTES`; prose packs to a third."""
RATIO_FROM_BYTES = 4 * 1024 * 1024

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

    def __init__(self, file: zipfile.ZipFile, name: str) -> None:
        self._file = file
        self._name = name
        self._left = MAX_TOTAL_BYTES
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
        limit = min(MAX_MEMBER_BYTES, self._left)
        most = max(RATIO_FROM_BYTES, MAX_RATIO * max(member.compress_size, 1))
        chunks: list[bytes] = []
        size = 0
        with self._file.open(member) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > limit or size > most:
                    raise StoryError(
                        f"{self._name} unpacks to far more than a book holds ({path} in it): "
                        "it is refused as a zip bomb"
                    )
                chunks.append(chunk)
        self._left -= size
        return b"".join(chunks)


def open_archive(data: bytes, *, name: str) -> Archive:
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
    if count > MAX_MEMBERS:
        raise StoryError(f"{name} holds {count:,} files, more than {MAX_MEMBERS:,}: it is no book")
    return Archive(file, name)


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
