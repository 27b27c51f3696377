"""Tags and chapters as Vorbis comments, which Opus and FLAC files carry.

Notes
-----
Xiph.Org's “Ogg Vorbis I format specification: comment field” and its chapter extension
(``CHAPTER001=00:00:00.000``, ``CHAPTER001NAME=…``); pictures as in FLAC's METADATA_BLOCK_PICTURE.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import mutagen.flac

from narrator.encode.base import Tags
from narrator.encode.joining import image_type
from narrator.model import Timeline

_flac: Any = mutagen.flac
_FRONT_COVER = 3
_MOST_CHAPTERS = 999
"""Their numbers have three figures."""


def comment_block(tags: Tags, timeline: Timeline, *, with_cover: bool) -> bytes:
    """The vendor string and all comments.

    Parameters
    ----------
    with_cover
        Write the cover as a comment too, for files that have no other place for it.
    """
    block = _flac.VCFLACDict()
    block.vendor = "Narrator"
    found = [*_texts(tags), *_chapters(timeline)]
    if with_cover and tags.cover:
        picture = base64.b64encode(picture_block(tags.cover)).decode("ascii")
        found.append(("METADATA_BLOCK_PICTURE", picture))
    # As a list: by name, mutagen would sort them.
    block.extend((name, text) for name, text in found if text)
    written: bytes = block.write(framing=False)
    return written


def picture_block(cover: bytes) -> bytes:
    """A front cover, as FLAC has it.

    Raises
    ------
    EncodeError
        It is no image.
    """
    picture = _flac.Picture()
    picture.type = _FRONT_COVER
    picture.mime = image_type(cover)
    picture.data = cover
    written: bytes = picture.write()
    return written


def _texts(tags: Tags) -> Iterator[tuple[str, str | None]]:
    yield "TITLE", tags.title
    yield "ALBUM", tags.album or tags.title
    yield "ARTIST", tags.author
    yield "ALBUMARTIST", tags.author
    yield "COMPOSER", tags.narrator
    yield "PERFORMER", tags.narrator
    yield "NARRATOR", tags.narrator
    yield "SERIES", tags.series
    yield "GENRE", tags.genre
    yield "DATE", tags.year
    yield "LANGUAGE", tags.language
    yield "COMMENT", tags.comment
    yield "DESCRIPTION", tags.description
    if tags.track:
        yield "TRACKNUMBER", str(tags.track[0])
        yield "TRACKTOTAL", str(tags.track[1])


def _chapters(timeline: Timeline) -> Iterator[tuple[str, str]]:
    for number, mark in enumerate(timeline.marks[:_MOST_CHAPTERS], 1):
        yield f"CHAPTER{number:03}", _clock(mark.start, timeline.sample_rate_hz)
        # An empty name would be taken for none, and the chapter with it.
        yield f"CHAPTER{number:03}NAME", mark.title or str(number)


def _clock(at: int, sample_rate_hz: int) -> str:
    ms = (at * 1000 + sample_rate_hz // 2) // sample_rate_hz
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
