"""AAC in an MP4 file that players take for an audiobook."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import mutagen.mp4
import numpy as np
from numpy.typing import NDArray

from narrator.encode import aac, lavc
from narrator.encode.atoms import atom, find_atom, header
from narrator.encode.base import EncodeConfig, EncodedReel, Tags
from narrator.encode.joining import check_marks, image_type, matching, rate_above
from narrator.encode.language import three_letters
from narrator.encode.mp4 import Index, file_type, movie, title_samples
from narrator.model import Timeline

_AUDIOBOOK = 2
"""Of iTunes' media kinds."""
_TAG_PADDING_BYTES = 2048
"""So that a tag editor need not move the sound."""
_LARGEST_HEADER = 16
_MOST_EXTRADATA = 16
_NEAR = 0xFFFFFFFF


class M4bEncoder:
    """Audiobooks for Apple's players and most others."""

    name = "m4b"
    version = f"2-{lavc.VERSION}"
    suffix = ".m4b"
    frame_size = aac.FRAME_SIZE
    join_frames = aac.FRAME_SIZE

    def sample_rate_hz(self, wanted_hz: int) -> int:
        """See `narrator.encode.base.Encoder.sample_rate_hz`."""
        return rate_above(wanted_hz, aac.SAMPLE_RATES_HZ)

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
        """See `narrator.encode.base.Encoder.join`.

        The index comes first, so that a player can start before it has the whole file. Its size
        follows from the timeline, so room is left for it and the sound is written once.
        """
        check_marks(timeline)
        meta = _meta(tags)
        titles = b"".join(title_samples(timeline.marks))
        no_sizes = np.zeros(_packets(timeline), dtype=np.uint32)
        language = three_letters(tags.language)
        blank = _index(timeline, no_sizes, bytes(_MOST_EXTRADATA), 0, 0, language)
        room = len(file_type()) + len(movie(blank, meta, far=True)) + len(header(b"free", 0))
        del no_sizes, blank
        body_at = room + _LARGEST_HEADER
        with target.open("wb") as file:
            file.seek(body_at)
            file.write(titles)
            sizes, extradata = _copy_packets(reels, file, timeline)
            sound_at = body_at + len(titles)
            index = _index(timeline, sizes, extradata, sound_at, body_at, language)
            end = file.tell()
            moov = movie(index, meta, far=end > _NEAR)
            data_header = header(b"mdat", end - body_at)
            file.seek(0)
            file.write(file_type() + moov)
            left = body_at - len(data_header) - file.tell()
            file.write(atom(b"free", bytes(left - len(header(b"free", 0)))) + data_header)


def _index(
    timeline: Timeline,
    sizes: NDArray[np.uint32],
    extradata: bytes,
    sound_at: int,
    titles_at: int,
    language: str,
) -> Index:
    return Index(
        sample_rate_hz=timeline.sample_rate_hz,
        frames=timeline.frames,
        priming_frames=aac.FRAME_SIZE,
        frame_size=aac.FRAME_SIZE,
        extradata=extradata,
        sizes=sizes,
        sound_at=sound_at,
        marks=timeline.marks,
        titles_at=titles_at,
        language=language,
    )


def _copy_packets(
    reels: Iterable[EncodedReel], file: BinaryIO, timeline: Timeline
) -> tuple[NDArray[np.uint32], bytes]:
    """Write all packets; their sizes, and what a decoder has to know first."""
    extradata = b""
    sizes = np.zeros(_packets(timeline), dtype=np.uint32)
    count = 0
    for reel in matching(reels, timeline, aac.FRAME_SIZE):
        extradata = reel.extradata
        file.write(reel.data)
        room = len(sizes) - count
        sizes[count : count + len(reel.sizes)] = reel.sizes[:room]
        count += len(reel.sizes)
    return sizes, extradata


def _packets(timeline: Timeline) -> int:
    return timeline.frames // aac.FRAME_SIZE + 1


def _meta(tags: Tags) -> bytes:
    """The ``meta`` atom that mutagen makes of the tags."""
    found = mutagen.mp4.MP4Tags()  # type: ignore[no-untyped-call]
    texts = {
        "\xa9nam": tags.title,
        "\xa9alb": tags.album or tags.title,
        "\xa9ART": tags.author,
        "aART": tags.author,
        # There is no one atom for who reads: Audible writes the first, most players show the other.
        "\xa9nrt": tags.narrator,
        "\xa9wrt": tags.narrator,
        "\xa9gen": tags.genre,
        "\xa9day": tags.year,
        "\xa9cmt": tags.comment,
        "desc": tags.description,
        "ldes": tags.description,
        "\xa9grp": tags.series,
        "\xa9mvn": tags.series,
    }
    for key, text in texts.items():
        if text:
            found[key] = [text]
    if tags.series:
        # Most library programs look here.
        found["----:com.apple.iTunes:SERIES"] = [
            mutagen.mp4.MP4FreeForm(tags.series.encode())  # type: ignore[no-untyped-call]
        ]
    if tags.track:
        found["trkn"] = [tags.track]
    found["stik"] = [_AUDIOBOOK]
    if tags.cover:
        found["covr"] = [_cover(tags.cover)]
    file = io.BytesIO(atom(b"moov"))
    found.save(file, padding=lambda info: _TAG_PADDING_BYTES)
    meta = find_atom(file, len(file.getvalue()), b"moov", b"udta", b"meta")
    assert meta is not None
    return file.getvalue()[meta.start : meta.end]


def _cover(image: bytes) -> mutagen.mp4.MP4Cover:
    form = mutagen.mp4.AtomDataType.JPEG
    if image_type(image) == "image/png":
        form = mutagen.mp4.AtomDataType.PNG
    return mutagen.mp4.MP4Cover(image, form)  # type: ignore[no-untyped-call]
