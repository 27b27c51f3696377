"""ID3 tags with chapters, for MP3 and WAV.

Notes
-----
ID3v2.3.0, which every player reads, and its addendum “ID3v2 Chapter Frame”. mutagen makes the
frames, but would sort chapters by their length in bytes, so they are put together here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import mutagen.id3

from narrator.encode.base import Tags
from narrator.encode.joining import image_type
from narrator.encode.language import three_letters
from narrator.errors import EncodeError
from narrator.model import Mark, Timeline

frames: Any = mutagen.id3
"""Half of its names have no types."""

_UTF_16 = frames.Encoding.UTF16
_NO_OFFSET = 0xFFFFFFFF
_MOST_ENTRIES = 255
_HEADER_BYTES = 10
_MOST_BYTES = 1 << 28
_FRONT_COVER = 3


def id3_tag(tags: Tags, timeline: Timeline) -> bytes:
    """A whole tag: what a player shows, the table of contents, and the chapters in order.

    Raises
    ------
    EncodeError
        The cover is no image, or too large for a tag.
    """
    parts = [_alone(frame) for frame in (*_texts(tags), *_chapters(timeline), *_pictures(tags))]
    body = b"".join(parts)
    if len(body) >= _MOST_BYTES:
        raise EncodeError(f"the cover and the chapters take {len(body)} bytes: a tag holds 2^28")
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def _alone(frame: mutagen.id3.Frame) -> bytes:
    file = io.BytesIO()
    tag = frames.ID3()
    tag.add(frame)
    tag.save(file, v1=0, v2_version=3, padding=lambda info: 0)
    return file.getvalue()[_HEADER_BYTES:]


def _texts(tags: Tags) -> Iterator[mutagen.id3.Frame]:
    texts = (
        (frames.TIT2, tags.title),
        (frames.TALB, tags.album or tags.title),
        (frames.TPE1, tags.author),
        (frames.TPE2, tags.author),
        # There is no frame for who reads; players and library programs look here.
        (frames.TCOM, tags.narrator),
        (frames.TCON, tags.genre),
        (frames.TYER, tags.year),
        (frames.TLAN, three_letters(tags.language) if tags.language else None),
        (frames.TIT1, tags.series),
        (frames.MVNM, tags.series),
        (frames.TRCK, "/".join(map(str, tags.track)) if tags.track else None),
    )
    for kind, text in texts:
        if text:
            yield kind(encoding=_UTF_16, text=[text])
    if tags.series:
        yield frames.TXXX(encoding=_UTF_16, desc="SERIES", text=[tags.series])
    if tags.description:
        yield frames.TXXX(encoding=_UTF_16, desc="DESCRIPTION", text=[tags.description])
    if tags.comment:
        yield frames.COMM(encoding=_UTF_16, lang="XXX", desc="", text=[tags.comment])


def _pictures(tags: Tags) -> Iterator[mutagen.id3.Frame]:
    if tags.cover:
        yield frames.APIC(
            encoding=frames.Encoding.LATIN1,
            mime=image_type(tags.cover),
            type=_FRONT_COVER,
            desc="",
            data=tags.cover,
        )


def _chapters(timeline: Timeline) -> Iterator[mutagen.id3.Frame]:
    if not (marks := timeline.marks):
        return
    names = [f"chp{number}" for number in range(1, len(marks) + 1)]
    yield from _contents(names)
    ends = [*(mark.start for mark in marks[1:]), timeline.frames]
    for name, mark, end in zip(names, marks, ends, strict=True):
        yield _chapter(name, mark, end, timeline.sample_rate_hz)


def _chapter(name: str, mark: Mark, end: int, sample_rate_hz: int) -> mutagen.id3.Frame:
    chapter: mutagen.id3.Frame = frames.CHAP(
        element_id=name,
        start_time=_ms(mark.start, sample_rate_hz),
        end_time=_ms(end, sample_rate_hz),
        start_offset=_NO_OFFSET,
        end_offset=_NO_OFFSET,
        sub_frames=[frames.TIT2(encoding=_UTF_16, text=[mark.title])],
    )
    return chapter


def _contents(names: Sequence[str]) -> Iterator[mutagen.id3.Frame]:
    """The table of contents: in two levels where one cannot hold all names."""
    parts = [names[at : at + _MOST_ENTRIES] for at in range(0, len(names), _MOST_ENTRIES)]
    top_level, ordered = frames.CTOCFlags.TOP_LEVEL, frames.CTOCFlags.ORDERED
    if len(parts) > 1:
        titles = [f"toc{number}" for number in range(1, len(parts) + 1)]
        yield _table("toc", top_level | ordered, titles)
        for title, part in zip(titles, parts, strict=True):
            yield _table(title, ordered, part)
    else:
        yield _table("toc", top_level | ordered, names)


def _table(name: str, flags: int, children: Sequence[str]) -> mutagen.id3.Frame:
    table: mutagen.id3.Frame = frames.CTOC(
        element_id=name, flags=flags, child_element_ids=list(children), sub_frames=[]
    )
    return table


def _ms(at: int, sample_rate_hz: int) -> int:
    return (at * 1000 + sample_rate_hz // 2) // sample_rate_hz
