"""MP3 files: packets, and the header that says how many samples to play.

Notes
-----
ISO/IEC 11172-3 and 13818-3 (MPEG audio); the Info frame is described in “LAME MP3 Info Tag rev 1”.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from narrator.encode import lavc
from narrator.encode.base import EncodeConfig, EncodedReel, Tags
from narrator.encode.id3 import id3_tag
from narrator.encode.joining import check_marks, check_whole, matching, rate_above
from narrator.errors import EncodeError
from narrator.model import Timeline

_FRAME_SIZE = 1152
"""Samples in a packet from 32 kHz on; below that, in two of them."""

_LAME_DELAY = 576
"""Samples that LAME puts before the first one. A decoder adds 529, which the Info frame implies."""

_RATES_HZ = {
    3: (44_100, 48_000, 32_000),  # MPEG-1
    2: (22_050, 24_000, 16_000),  # MPEG-2
    0: (11_025, 12_000, 8_000),  # MPEG-2.5
}
_KBPS = {
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    0: (8, 16, 24, 32, 40, 48, 56, 64),
}
_INFO_BYTES = 156
"""Of an Info frame, after the header and the side information."""
_FAR = 0xFFFFFFFF


class Mp3Encoder:
    """MP3 of one channel and constant bit rate: plays everywhere, also on what is twenty years old.

    The bit reservoir, by which a packet borrows room from those before it, is off: so packets of
    one reel never need those of another.
    """

    name = "mp3"
    version = f"1-{lavc.VERSION}"
    suffix = ".mp3"
    frame_size = _FRAME_SIZE
    join_frames = _FRAME_SIZE

    def sample_rate_hz(self, wanted_hz: int) -> int:
        """See `narrator.encode.base.Encoder.sample_rate_hz`."""
        return rate_above(wanted_hz, sorted(rate for rates in _RATES_HZ.values() for rate in rates))

    def encode_reel(
        self, pcm: NDArray[np.int16], *, sample_rate_hz: int, config: EncodeConfig
    ) -> EncodedReel:
        """See `narrator.encode.base.Encoder.encode_reel`.

        The decoder is 1105 samples behind, so m frames make m + 1: in what is left of the last one
        the sound ends, and the next reel's begins 1105 samples into its first.
        """
        check_whole(len(pcm), _FRAME_SIZE)
        version = _check(sample_rate_hz, config.bitrate_kbps)
        packets, _ = lavc.encode(
            pcm,
            codec="libmp3lame",
            sample_format="s16p",
            sample_rate_hz=sample_rate_hz,
            packet_frames=_packet_frames(version),
            bitrate_kbps=config.bitrate_kbps,
            options={"reservoir": "0"},
        )
        wanted = (len(pcm) + _FRAME_SIZE) // _packet_frames(version)
        if len(packets) != wanted:
            raise EncodeError(
                f"the MP3 encoder gave {len(packets)} packets, not {wanted}: "
                "this version of PyAV counts otherwise than Narrator does"
            )
        return EncodedReel(
            sample_rate_hz=sample_rate_hz,
            frames=len(pcm) + _FRAME_SIZE,
            lead=0,
            extradata=_header(sample_rate_hz, config.bitrate_kbps),
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
        """See `narrator.encode.base.Encoder.join`."""
        check_marks(timeline)
        blank = _info_frame(timeline.sample_rate_hz, config.bitrate_kbps, 0, 0)
        tag = id3_tag(tags, timeline)
        packets = size = 0
        with target.open("wb") as file:
            file.write(tag + blank)
            for reel in matching(reels, timeline, _FRAME_SIZE):
                file.write(reel.data)
                packets += len(reel.sizes)
                size += len(reel.data)
            file.seek(len(tag))
            file.write(_info_frame(timeline.sample_rate_hz, config.bitrate_kbps, packets, size))


def _check(sample_rate_hz: int, bitrate_kbps: int) -> int:
    """The number that MPEG gives to the version that has this sample rate."""
    for version, rates in _RATES_HZ.items():
        if sample_rate_hz in rates:
            if bitrate_kbps not in _KBPS[version]:
                raise EncodeError(
                    f"MP3 has no {bitrate_kbps} kbit/s at {sample_rate_hz} Hz: give one of "
                    f"{', '.join(map(str, _KBPS[version]))}"
                )
            return version
    raise EncodeError(f"MP3 cannot be encoded at {sample_rate_hz} Hz")


def _packet_frames(version: int) -> int:
    return _FRAME_SIZE if version == 3 else _FRAME_SIZE // 2


def _header(sample_rate_hz: int, bitrate_kbps: int) -> bytes:
    """The four bytes that every packet begins with: layer III, one channel, no padding."""
    version = _check(sample_rate_hz, bitrate_kbps)
    rate = _RATES_HZ[version].index(sample_rate_hz)
    bits = 0x7FF << 21 | version << 19 | 1 << 17 | 1 << 16
    bits |= (_KBPS[version].index(bitrate_kbps) + 1) << 12 | rate << 10 | 3 << 6
    return struct.pack(">I", bits)


def _info_frame(sample_rate_hz: int, bitrate_kbps: int, packets: int, size: int) -> bytes:
    """A packet of silence that says how many packets and samples follow.

    It has the lowest bit rate that gives it room, whatever the others have.
    """
    version = _check(sample_rate_hz, bitrate_kbps)
    side_bytes = 17 if version == 3 else 9
    for kbps in _KBPS[version]:
        length = _packet_frames(version) * 125 * kbps // sample_rate_hz
        if length >= 4 + side_bytes + _INFO_BYTES:
            break
    steps = bytes(256 * step // 100 for step in range(100))
    head = _header(sample_rate_hz, kbps) + bytes(side_bytes)
    # Constant bit rate, so the place of a moment in the file is its share of the whole.
    head += b"Info" + struct.pack(">III", 0xF, packets, min(size + length, _FAR)) + steps
    head += struct.pack(">I", 0)
    # Revision 0, constant bit rate; low pass, peak and gains not told; delay and padding at the
    # end, which together are one frame of 1152; mono.
    padding = _FRAME_SIZE - _LAME_DELAY
    head += b"LAME3.100" + struct.pack(">BBIHHBB", 1, 0, 0, 0, 0, 0, min(bitrate_kbps, 255))
    head += (_LAME_DELAY << 12 | padding).to_bytes(3, "big")
    head += struct.pack(">BBHIH", 0, 0, 0, min(size + length, _FAR), 0)
    return (head + struct.pack(">H", _crc16(head))).ljust(length, b"\0")


def _crc16(data: bytes) -> int:
    """CRC-16 as LAME computes it: x^16 + x^15 + x^2 + 1, lowest bit first."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
