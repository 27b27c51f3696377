"""AAC in an MP4 file that players take for an audiobook."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from numpy.typing import NDArray

from narrator.encode import aac
from narrator.encode.base import EncodeConfig, EncodedReel, Tags
from narrator.errors import EncodeError
from narrator.model import Timeline

if TYPE_CHECKING:
    from av.container.core import Chapter


class M4bEncoder:
    """Audiobooks for Apple's players and most others."""

    name = "m4b"
    version = "1-lavc" + ".".join(map(str, av.library_versions["libavcodec"]))
    suffix = ".m4b"
    frame_size = aac.FRAME_SIZE
    join_frames = aac.FRAME_SIZE

    def encode_reel(
        self, pcm: NDArray[np.int16], *, sample_rate_hz: int, config: EncodeConfig
    ) -> EncodedReel:
        """See `narrator.encode.aac.encode_reel`."""
        return aac.encode_reel(pcm, sample_rate_hz=sample_rate_hz, config=config)

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
        rate = timeline.sample_rate_hz
        base = Fraction(1, rate)
        options = {"brand": "M4B ", "fflags": "+bitexact", "movflags": "+faststart"}
        options["movie_timescale"] = str(rate)
        with av.open(str(target), "w", format="ipod", container_options=options) as out:
            stream = out.add_stream(
                "aac",
                rate=rate,
                layout="mono",
                bit_rate=config.bitrate_kbps * 1000,
                options={"flags": "+bitexact+global_header"},
            )
            out.metadata.update(_metadata(tags))
            out.set_chapters(_chapters(timeline, base))
            pts = -aac.FRAME_SIZE
            for reel in reels:
                if reel.sample_rate_hz != rate:
                    raise EncodeError(f"a reel of {reel.sample_rate_hz} Hz in a book of {rate} Hz")
                for data in reel.packets():
                    packet = av.Packet(data)
                    packet.stream = stream
                    packet.time_base = base
                    packet.pts = packet.dts = pts
                    packet.duration = aac.FRAME_SIZE
                    packet.is_keyframe = True
                    out.mux_one(packet)
                    pts += aac.FRAME_SIZE


def _metadata(tags: Tags) -> dict[str, str]:
    found = {
        "title": tags.title,
        "album": tags.album or tags.title,
        "artist": tags.author,
        "album_artist": tags.author,
        "composer": tags.narrator,
        "genre": tags.genre,
        "date": tags.year,
        "comment": tags.comment,
        "description": tags.description,
        "media_type": "2",
    }
    return {key: value for key, value in found.items() if value}


def _chapters(timeline: Timeline, base: Fraction) -> list[Chapter]:
    ends = [mark.start for mark in timeline.marks[1:]] + [timeline.frames]
    return [
        {
            "id": number,
            "start": mark.start,
            "end": end,
            "time_base": base,
            "metadata": {"title": mark.title},
        }
        for number, (mark, end) in enumerate(zip(timeline.marks, ends, strict=True))
    ]
