"""Opus in Ogg files.

Notes
-----
RFC 6716 (Opus) and RFC 7845 (Opus in Ogg).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from narrator.encode import lavc
from narrator.encode.base import EncodeConfig, EncodedReel, Tags
from narrator.encode.comments import comment_block
from narrator.encode.joining import check_marks, check_whole, matching
from narrator.encode.ogg import header_pages, last, sound_pages
from narrator.errors import EncodeError
from narrator.model import Timeline

_RATE_HZ = 48_000
_MOST_KBPS = 256
"""Of libopus, for each channel."""
_FRAME_SIZE = 960
_PACKETS_PER_PAGE = 50


class OpusEncoder:
    """Opus: the best sound for its size. Whatever the voices have, its rate is 48 kHz."""

    name = "opus"
    version = f"1-{lavc.VERSION}"
    suffix = ".opus"
    frame_size = _FRAME_SIZE
    join_frames = _FRAME_SIZE

    def sample_rate_hz(self, wanted_hz: int) -> int:
        """See `narrator.encode.base.Encoder.sample_rate_hz`."""
        return _RATE_HZ

    def encode_reel(
        self, pcm: NDArray[np.int16], *, sample_rate_hz: int, config: EncodeConfig
    ) -> EncodedReel:
        """See `narrator.encode.base.Encoder.encode_reel`.

        The decoder is some 300 samples behind, so m frames make m + 1. A reel's first packet
        depends on nothing before it: a fresh encoder codes it so.
        """
        check_whole(len(pcm), _FRAME_SIZE)
        if sample_rate_hz != _RATE_HZ:
            raise EncodeError(f"Opus cannot be encoded at {sample_rate_hz} Hz, only at {_RATE_HZ}")
        if config.bitrate_kbps > _MOST_KBPS:
            raise EncodeError(
                f"Opus has no {config.bitrate_kbps} kbit/s for one channel: give 16 to {_MOST_KBPS}"
            )
        packets, head = lavc.encode(
            pcm,
            codec="libopus",
            sample_format="s16",
            sample_rate_hz=sample_rate_hz,
            packet_frames=_FRAME_SIZE,
            bitrate_kbps=config.bitrate_kbps,
            options={"frame_duration": "20", "application": "audio"},
        )
        if len(packets) != len(pcm) // _FRAME_SIZE + 1 or not 0 < _pre_skip(head) < _FRAME_SIZE:
            raise EncodeError(
                f"the Opus encoder gave {len(packets)} packets for {len(pcm) // _FRAME_SIZE} "
                "frames: this version of PyAV counts otherwise than Narrator does"
            )
        return EncodedReel(
            sample_rate_hz=sample_rate_hz,
            frames=len(packets) * _FRAME_SIZE,
            lead=0,
            extradata=head,
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
        comments = b"OpusTags" + comment_block(tags, timeline, with_cover=True)
        start = number = 0
        waiting = b""
        pre_skip = 0
        with target.open("wb") as file:
            for reel in matching(reels, timeline, _FRAME_SIZE):
                if not number:
                    pre_skip = _pre_skip(reel.extradata)
                    headers = header_pages((reel.extradata, comments))
                    file.write(b"".join(headers))
                    number = len(headers)
                file.write(waiting)
                *pages, waiting = sound_pages(
                    reel.sizes,
                    reel.data,
                    start=start,
                    frames_each=_FRAME_SIZE,
                    number=number,
                    per_page=_PACKETS_PER_PAGE,
                )
                file.write(b"".join(pages))
                number += len(pages) + 1
                start += reel.frames
            file.write(last(waiting, pre_skip + timeline.frames))


class OggEncoder(OpusEncoder):
    """Opus under the suffix that more players know.

    Not Vorbis: ffmpeg's own Vorbis encoder is experimental and refuses one channel, and PyAV's
    wheels come without the other one.
    """

    name = "ogg"
    suffix = ".ogg"


def _pre_skip(head: bytes) -> int:
    """How many samples a decoder leaves out at the beginning."""
    skip: int = struct.unpack_from("<H", head, 10)[0]
    return skip
