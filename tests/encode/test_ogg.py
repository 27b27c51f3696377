"""Ogg pages, read back by mutagen, which checks nothing, and by their own checksums."""

from __future__ import annotations

import io
import struct
from typing import Any

import mutagen.ogg
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.encode.ogg import header_pages, last, sound_pages

PACKETS = st.lists(st.binary(max_size=1400), min_size=1, max_size=90)


def read(pages: list[bytes]) -> list[Any]:
    file = io.BytesIO(b"".join(pages))
    ogg: Any = mutagen.ogg.OggPage
    return [ogg(file) for _ in pages]


def checksum(page: bytes) -> int:
    """Bit by bit, unlike the module."""
    crc = 0
    for byte in page[:22] + bytes(4) + page[26:]:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc


@settings(deadline=None)
@given(packets=PACKETS)
def test_packets_come_back_from_pages(packets: list[bytes]) -> None:
    sizes = tuple(map(len, packets))
    pages = list(
        sound_pages(sizes, b"".join(packets), start=9600, frames_each=960, number=5, per_page=50)
    )
    found = read(pages)
    assert [packet for page in found for packet in page.packets] == packets
    assert [page.sequence for page in found] == list(range(5, 5 + len(pages)))
    assert all(page.complete for page in found)
    assert max(len(page.packets) for page in found) <= 50
    assert found[-1].position == 9600 + 960 * len(packets)
    for page in pages[:3]:
        assert struct.unpack_from("<I", page, 22) == (checksum(page),)


@settings(deadline=None)
@given(st.sampled_from([0, 1, 254, 255, 256, 255 * 255 - 1, 255 * 255, 255 * 255 + 1, 200_000]))
def test_a_long_header_goes_over_pages(size: int) -> None:
    comments = (b"abcdefg" * (size // 7 + 1))[:size]
    pages = header_pages((b"OpusHead", comments))
    found = read(pages)
    assert b"".join(packet for page in found[1:] for packet in page.packets) == comments
    assert found[0].packets == [b"OpusHead"]
    assert [page.first for page in found] == [True] + [False] * (len(pages) - 1)
    assert [page.continued for page in found] == [False, False] + [True] * (len(pages) - 2)
    # Only a page on which the packet ends says where it is.
    assert [page.position for page in found[1:]] == [-1] * (len(pages) - 2) + [0]


def test_the_last_page_says_so() -> None:
    (page,) = sound_pages((3,), b"abc", start=0, frames_each=960, number=2, per_page=50)
    changed = last(page, 900)
    (found,) = read([changed])
    assert found.last
    assert found.position == 900
    assert found.packets == [b"abc"]
    assert struct.unpack_from("<I", changed, 22) == (checksum(changed),)
