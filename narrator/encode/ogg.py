"""Ogg pages.

Notes
-----
RFC 3533. Its checksum is that of zlib with the bits of every byte, and of the result, in reverse
order, so zlib can compute it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence

_HEADER = struct.Struct("<4sBBqIIIB")
_CHECKSUM_AT = 22
_MOST_SEGMENTS = 255
_SERIAL = 1
_NO_PACKET_ENDS = -1

_CONTINUED, _FIRST, _LAST = 1, 2, 4

_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def header_pages(packets: Sequence[bytes]) -> list[bytes]:
    """The pages of a stream's header packets: each packet begins a page, as RFC 7845 wants."""
    pages: list[bytes] = []
    for packet in packets:
        # A packet whose length is a multiple of 255 ends with a segment of none.
        lacing = b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
        for at in range(0, len(lacing), _MOST_SEGMENTS):
            segments = lacing[at : at + _MOST_SEGMENTS]
            body = packet[at * 255 : at * 255 + sum(segments)]
            ends = at + len(segments) == len(lacing)
            flags = (_CONTINUED if at else 0) | (0 if pages else _FIRST)
            granule = 0 if ends else _NO_PACKET_ENDS
            pages.append(page(segments, body, granule=granule, number=len(pages), flags=flags))
    return pages


def sound_pages(
    sizes: Sequence[int], data: bytes, *, start: int, frames_each: int, number: int, per_page: int
) -> Iterator[bytes]:
    """Pages of whole packets, all of which hold equally many frames.

    Parameters
    ----------
    sizes, data
        Of the packets.
    start
        Frames in the packets before these.
    number
        Of the first page.
    """
    at = packets = 0
    for index, group in enumerate(_groups(sizes, per_page)):
        size = sum(group)
        packets += len(group)
        lacing = b"".join(b"\xff" * (n // 255) + bytes((n % 255,)) for n in group)
        yield page(
            lacing,
            data[at : at + size],
            granule=start + packets * frames_each,
            number=number + index,
        )
        at += size


def _groups(sizes: Sequence[int], per_page: int) -> Iterator[Sequence[int]]:
    """Runs of packets that fit on one page."""
    group: list[int] = []
    segments = 0
    for size in sizes:
        needed = size // 255 + 1
        if group and (len(group) == per_page or segments + needed > _MOST_SEGMENTS):
            yield group
            group, segments = [], 0
        group.append(size)
        segments += needed
    if group:
        yield group


def last(page_bytes: bytes, granule: int) -> bytes:
    """The same page as the last of its stream, with the frames that are to be played in all."""
    magic, version, flags, _, serial, number, _, count = _HEADER.unpack_from(page_bytes)
    header = _HEADER.pack(magic, version, flags | _LAST, granule, serial, number, 0, count)
    return _summed(header + page_bytes[_HEADER.size :])


def page(lacing: bytes, body: bytes, *, granule: int, number: int, flags: int = 0) -> bytes:
    """One page."""
    header = _HEADER.pack(b"OggS", 0, flags, granule, _SERIAL, number, 0, len(lacing))
    return _summed(b"".join((header, lacing, body)))


def _summed(unsummed: bytes) -> bytes:
    checksum = struct.pack("<I", _checksum(unsummed))
    return b"".join((unsummed[:_CHECKSUM_AT], checksum, unsummed[_CHECKSUM_AT + 4 :]))


def _checksum(data: bytes) -> int:
    raw = zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(raw.to_bytes(4, "little").translate(_REVERSED), "big")
