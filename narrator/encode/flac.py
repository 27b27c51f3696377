"""FLAC files: nothing is lost, half as large as WAV.

Notes
-----
RFC 9639. Every frame says its number, so joining renumbers them, which changes two checksums. The
one over the whole frame is linear: it follows from the old one and the headers alone.
"""

from __future__ import annotations

import functools
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mutagen.flac
import numpy as np
from numpy.typing import NDArray

from narrator.encode import lavc
from narrator.encode.base import EncodeConfig, EncodedReel, Tags
from narrator.encode.comments import comment_block, picture_block
from narrator.encode.joining import check_marks, check_whole, matching
from narrator.errors import EncodeError
from narrator.model import Timeline

_FRAME_SIZE = 2304
_MOST_RATE_HZ = 655_350
_SEEK_POINT_S = 10
_PADDING_BYTES = 2048
_MOST_BLOCK_BYTES = (1 << 24) - 1
_STREAM_INFO, _PADDING, _SEEK_TABLE, _COMMENTS, _CUE_SHEET, _PICTURE = 0, 1, 3, 4, 5, 6
_INFO_BYTES = 34
_CUE_TRACKS = 254
_LEAD_OUT = 255

_flac: Any = mutagen.flac


class FlacEncoder:
    """FLAC, 16 bits."""

    name = "flac"
    version = f"2-{lavc.VERSION}"
    suffix = ".flac"
    frame_size = _FRAME_SIZE
    join_frames = 0

    def sample_rate_hz(self, wanted_hz: int) -> int:
        """See `narrator.encode.base.Encoder.sample_rate_hz`."""
        return min(wanted_hz, _MOST_RATE_HZ)

    def encode_reel(
        self, pcm: NDArray[np.int16], *, sample_rate_hz: int, config: EncodeConfig
    ) -> EncodedReel:
        """See `narrator.encode.base.Encoder.encode_reel`."""
        check_whole(len(pcm), _FRAME_SIZE)
        packets, info = lavc.encode(
            pcm,
            codec="flac",
            sample_format="s16",
            sample_rate_hz=sample_rate_hz,
            packet_frames=_FRAME_SIZE,
            bitrate_kbps=None,
            options={"frame_size": str(_FRAME_SIZE), "compression_level": "5"},
        )
        if len(packets) != len(pcm) // _FRAME_SIZE or len(info) != _INFO_BYTES:
            raise EncodeError("this version of PyAV writes FLAC otherwise than Narrator knows")
        return EncodedReel(
            sample_rate_hz=sample_rate_hz,
            frames=len(pcm),
            lead=0,
            # Without what differs from reel to reel: frame sizes, length and checksum.
            extradata=info[:4] + bytes(6) + info[10:13] + bytes((info[13] & 0xF0,)) + bytes(20),
            sizes=tuple(len(packet) for packet in packets),
            data=b"".join(packets),
        )

    def join(
        self,
        reels: Iterable[EncodedReel],
        target: Path,
        *,
        timeline: Timeline,
        tags: Tags,
        config: EncodeConfig,
    ) -> None:
        """See `narrator.encode.base.Encoder.join`.

        The checksum of the samples is left out, which the format allows: it would take decoding
        them all.
        """
        check_marks(timeline)
        found = _Found(every=_SEEK_POINT_S * timeline.sample_rate_hz // _FRAME_SIZE or 1)
        rest = _later_blocks(tags, timeline)
        points = -(-(timeline.frames // _FRAME_SIZE) // found.every)
        with target.open("wb") as file:
            file.write(_first_blocks(bytes(_INFO_BYTES), points, [], timeline) + rest)
            extradata = b""
            for reel in matching(reels, timeline, 0):
                extradata = reel.extradata
                frames = _renumbered(reel, found.frames)
                found.add(frames)
                file.write(b"".join(frames))
            file.seek(0)
            info = _stream_info(extradata, found, timeline)
            file.write(_first_blocks(info, points, found.points, timeline) + rest)


@dataclass(slots=True, kw_only=True)
class _Found:
    """What only joining shows."""

    every: int
    """How many frames there are between two seek points."""
    frames: int = 0
    bytes_before: int = 0
    least: int = _MOST_BLOCK_BYTES
    most: int = 0
    points: list[tuple[int, int]] = field(default_factory=list)
    """Number of the first sample, and how far the frame is from the first one, in bytes."""

    def add(self, frames: list[bytes]) -> None:
        for frame in frames:
            if self.frames % self.every == 0:
                self.points.append((self.frames * _FRAME_SIZE, self.bytes_before))
            self.frames += 1
            self.bytes_before += len(frame)
            self.least = min(self.least, len(frame))
            self.most = max(self.most, len(frame))


def _stream_info(extradata: bytes, found: _Found, timeline: Timeline) -> bytes:
    sizes = found.least.to_bytes(3, "big") + found.most.to_bytes(3, "big")
    form = int.from_bytes(extradata[10:18], "big") | timeline.frames
    return extradata[:4] + sizes + form.to_bytes(8, "big") + bytes(16)


def _first_blocks(
    info: bytes, count: int, points: list[tuple[int, int]], timeline: Timeline
) -> bytes:
    """What comes before the comments; as long with no seek points as with all of them."""
    table = [struct.pack(">QQH", start, offset, _FRAME_SIZE) for start, offset in points]
    table += [struct.pack(">QQH", 2**64 - 1, 0, 0)] * (count - len(points))
    blocks = [b"fLaC", _block(_STREAM_INFO, info), _block(_SEEK_TABLE, b"".join(table))]
    if 0 < len(timeline.marks) <= _CUE_TRACKS:
        # Before the comments: ffmpeg takes the chapters' titles from what comes last.
        blocks.append(_block(_CUE_SHEET, _cue_sheet(timeline)))
    return b"".join(blocks)


def _later_blocks(tags: Tags, timeline: Timeline) -> bytes:
    blocks = [_block(_COMMENTS, comment_block(tags, timeline, with_cover=False))]
    if tags.cover:
        blocks.append(_block(_PICTURE, picture_block(tags.cover)))
    blocks.append(_block(_PADDING, bytes(_PADDING_BYTES), is_last=True))
    return b"".join(blocks)


def _block(kind: int, body: bytes, *, is_last: bool = False) -> bytes:
    if len(body) > _MOST_BLOCK_BYTES:
        raise EncodeError("the cover or the chapters are too large for FLAC: at most 16 MB")
    return bytes((kind | is_last << 7,)) + len(body).to_bytes(3, "big") + body


def _cue_sheet(timeline: Timeline) -> bytes:
    sheet = _flac.CueSheet(None)
    sheet.compact_disc = False
    sheet.lead_in_samples = 0
    for number, mark in enumerate(timeline.marks, 1):
        track = _flac.CueSheetTrack(number, mark.start)
        track.indexes.append(_flac.CueSheetTrackIndex(1, 0))
        sheet.tracks.append(track)
    sheet.tracks.append(_flac.CueSheetTrack(_LEAD_OUT, timeline.frames))
    written: bytes = sheet.write()
    return written


def _renumbered(reel: EncodedReel, first: int) -> list[bytes]:
    """A reel's frames, numbered from `first` on."""
    frames = list(reel.packets())
    heads = [frame[: _head_bytes(frame[2:5])] for frame in frames]
    new_heads = [_new_head(head, first + index) for index, head in enumerate(heads)]
    changes = np.array(
        [_crc16_of_old(old) ^ _crc16(new) for old, new in zip(heads, new_heads, strict=True)],
        dtype=np.uint32,
    )
    behind = [len(frame) - len(head) - 2 for frame, head in zip(frames, heads, strict=True)]
    changes = _moved(changes, np.array(behind))
    parts: Iterator[tuple[bytes, bytes, bytes, int]]
    parts = zip(frames, heads, new_heads, changes.tolist(), strict=True)
    return [
        new + frame[len(old) : -2] + (int.from_bytes(frame[-2:], "big") ^ change).to_bytes(2, "big")
        for frame, old, new, change in parts
    ]


@functools.lru_cache(maxsize=1024)
def _head_bytes(codes: bytes) -> int:
    """The length of a frame's header with its own checksum, from its third to fifth byte."""
    size_code, rate_code = codes[0] >> 4, codes[0] & 15
    extra = {6: 1, 7: 2}.get(size_code, 0) + {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    return 4 + _number_bytes(codes[2]) + extra + 1


@functools.cache
def _number_bytes(first: int) -> int:
    return next((n for n in range(2, 8) if first >> (7 - n) == (1 << (n + 1)) - 2), 1)


def _new_head(head: bytes, number: int) -> bytes:
    new = head[:4] + _coded(number) + head[4 + _number_bytes(head[4]) : -1]
    return new + bytes((_crc8(new),))


def _coded(number: int) -> bytes:
    """A number in the extended UTF-8 that frame numbers have."""
    if number <= sys.maxunicode:
        return chr(number).encode("utf-8", "surrogatepass")
    tail: list[int] = []
    while number >= 1 << (6 - len(tail)):
        tail.append(0x80 | number & 0x3F)
        number >>= 6
    mark = 0xFF << (7 - len(tail)) & 0xFF
    return bytes((mark | number, *reversed(tail)))


@functools.cache
def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    top, mask = 1 << (bits - 1), (1 << bits) - 1

    def entry(byte: int) -> int:
        value = byte << (bits - 8)
        for _ in range(8):
            value = (value << 1 ^ (polynomial if value & top else 0)) & mask
        return value

    return tuple(entry(byte) for byte in range(256))


def _crc8(data: bytes) -> int:
    table = _table(0x07, 8)
    crc = 0
    for byte in data:
        crc = table[crc ^ byte]
    return crc


def _crc16(data: bytes) -> int:
    table = _table(0x8005, 16)
    crc = 0
    for byte in data:
        crc = (crc << 8 & 0xFFFF) ^ table[crc >> 8 ^ byte]
    return crc


@functools.lru_cache(maxsize=4096)
def _crc16_of_old(data: bytes) -> int:
    # In every reel, frames are numbered from nought: so their headers are the same.
    return _crc16(data)


def _moved(checksums: NDArray[np.uint32], behind: NDArray[np.int64]) -> NDArray[np.uint32]:
    """What each checksum becomes after so many bytes of zero more."""
    powers = _powers(1 << int(behind.max()).bit_length())[behind]
    product = np.zeros_like(checksums)
    # Multiplication of polynomials over GF(2), modulo that of the checksum.
    for bit in range(15, -1, -1):
        product = product << np.uint32(1) ^ (product >> np.uint32(15)) * np.uint32(0x18005)
        product ^= (powers >> np.uint32(bit) & np.uint32(1)) * checksums
    return product


@functools.cache
def _powers(count: int) -> NDArray[np.uint32]:
    """What a checksum of 1 becomes after 0, 1, 2 … bytes of zero."""
    values = [1]
    table = _table(0x8005, 16)
    for _ in range(count):
        values.append((values[-1] << 8 & 0xFFFF) ^ table[values[-1] >> 8])
    return np.array(values, dtype=np.uint32)
