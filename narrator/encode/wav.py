"""WAV files, and RF64 where the sound passes four gigabytes.

Notes
-----
EBU Tech 3306 (RF64). Tags, cover and chapters are in an ID3 tag, which players and ffmpeg read;
chapters are also cue points, which sound editors do.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from narrator.encode.base import EncodeConfig, EncodedReel, Tags
from narrator.encode.id3 import id3_tag
from narrator.encode.joining import check_marks, check_whole, matching
from narrator.model import Mark, Timeline

_BYTES_PER_FRAME = 2
_FAR = 0xFFFFFFFF
_MOST_RATE_HZ = 384_000


class WavEncoder:
    """PCM of 16 bits: the samples as they are, to work on."""

    name = "wav"
    version = "1"
    suffix = ".wav"
    frame_size = 1
    join_frames = 0

    def sample_rate_hz(self, wanted_hz: int) -> int:
        """See `narrator.encode.base.Encoder.sample_rate_hz`."""
        return min(wanted_hz, _MOST_RATE_HZ)

    def encode_reel(
        self, pcm: NDArray[np.int16], *, sample_rate_hz: int, config: EncodeConfig
    ) -> EncodedReel:
        """See `narrator.encode.base.Encoder.encode_reel`."""
        check_whole(len(pcm), 1)
        data = pcm.astype("<i2").tobytes()
        return EncodedReel(
            sample_rate_hz=sample_rate_hz,
            frames=len(pcm),
            lead=0,
            extradata=b"",
            sizes=(len(data),),
            data=data,
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
        with target.open("wb") as file:
            file.write(wav_head(tags, timeline))
            for reel in matching(reels, timeline, 0):
                file.write(reel.data)


def wav_head(tags: Tags, timeline: Timeline) -> bytes:
    """All that comes before the samples of a book."""
    rate = timeline.sample_rate_hz
    form = struct.pack("<HHIIHH", 1, 1, rate, rate * _BYTES_PER_FRAME, _BYTES_PER_FRAME, 16)
    chunks = [_chunk(b"fmt ", form), _chunk(b"LIST", b"INFO" + _info(tags))]
    # Beside a description, which WAV does not have, ffmpeg does not see the comment.
    chunks.append(_chunk(b"id3 ", id3_tag(replace(tags, description=None), timeline)))
    # A cue point has 32 bits for its place: 27 hours at 44,100 Hz.
    if marks := [mark for mark in timeline.marks if mark.start <= _FAR]:
        chunks += [_chunk(b"cue ", _cues(marks)), _chunk(b"LIST", b"adtl" + _labels(marks))]
    data = timeline.frames * _BYTES_PER_FRAME
    riff = len(b"WAVE") + 36 + sum(map(len, chunks)) + 8 + data
    far = riff > _FAR
    sizes = struct.pack("<QQQI", riff, data, timeline.frames, 0) if far else bytes(28)
    return b"".join(
        (
            struct.pack("<4sI4s", b"RF64" if far else b"RIFF", _FAR if far else riff, b"WAVE"),
            # The same room either way, as the standard advises.
            _chunk(b"ds64" if far else b"JUNK", sizes),
            *chunks,
            struct.pack("<4sI", b"data", _FAR if far else data),
        )
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", kind, len(body)) + body + b"\0" * (len(body) % 2)


def _info(tags: Tags) -> bytes:
    texts = (
        (b"INAM", tags.title),
        (b"IPRD", tags.album or tags.title),
        (b"IART", tags.author),
        (b"IGNR", tags.genre),
        (b"ICRD", tags.year),
        (b"ICMT", tags.comment),
    )
    return b"".join(_chunk(kind, text.encode() + b"\0") for kind, text in texts if text)


def _cues(marks: list[Mark]) -> bytes:
    # From 0, as ffmpeg counts the chapters of the ID3 tag: so it takes the two for one.
    points = (
        struct.pack("<II4sIII", number, mark.start, b"data", 0, 0, mark.start)
        for number, mark in enumerate(marks)
    )
    return struct.pack("<I", len(marks)) + b"".join(points)


def _labels(marks: list[Mark]) -> bytes:
    return b"".join(
        _chunk(b"labl", struct.pack("<I", number) + mark.title.encode() + b"\0")
        for number, mark in enumerate(marks)
    )
