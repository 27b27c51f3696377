"""Atoms (boxes) of an MP4 file: made, and found again."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_MAX_SMALL = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """Where an atom lies in a file."""

    kind: bytes
    start: int
    body: int
    """First byte after its header."""
    end: int


def atom(kind: bytes, *payload: bytes) -> bytes:
    """An atom that holds the payloads one after the other."""
    return b"".join((header(kind, sum(map(len, payload))), *payload))


def full_atom(kind: bytes, version: int, flags: int, *payload: bytes) -> bytes:
    """An atom that begins with a version and 24 bits of flags."""
    return atom(kind, struct.pack(">I", version << 24 | flags), *payload)


def header(kind: bytes, body_size: int) -> bytes:
    """What stands before a body of so many bytes: 8 bytes, or 16 where they pass 4 GiB."""
    if body_size + 8 <= _MAX_SMALL:
        return struct.pack(">I4s", body_size + 8, kind)
    return struct.pack(">I4sQ", 1, kind, body_size + 16)


def read_atoms(file: BinaryIO, start: int, end: int) -> Iterator[Atom]:
    """The atoms that lie in ``[start, end)`` of a file; stops at the first that cannot be one."""
    at = start
    while at + 8 <= end:
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
        body = at + 8
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
            body = at + 16
        elif size == 0:
            size = end - at
        if size < body - at:
            return
        yield Atom(kind=kind, start=at, body=body, end=at + size)
        at += size


def find_atom(file: BinaryIO, size: int, *path: bytes) -> Atom | None:
    """The first atom at a path such as ``moov``, ``udta``, ``chpl`` in a file of `size` bytes."""
    found: Atom | None = None
    start, end = 0, size
    for kind in path:
        found = next((a for a in read_atoms(file, start, end) if a.kind == kind), None)
        if found is None:
            return None
        start, end = found.body, found.end
    return found
