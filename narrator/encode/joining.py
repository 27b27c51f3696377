"""What every encoder asks of the reels and marks that it joins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from narrator.encode.base import EncodedReel
from narrator.errors import EncodeError
from narrator.model import Timeline


def check_marks(timeline: Timeline) -> None:
    """Refuse chapter marks that are out of order or outside the book.

    Raises
    ------
    EncodeError
        Names the first such mark.
    """
    at = 0
    for mark in timeline.marks:
        if not at <= mark.start < timeline.frames:
            raise EncodeError(
                f"the chapter mark {mark.title!r} is at frame {mark.start}: "
                f"not between {at} and {timeline.frames}, the end"
            )
        at = mark.start


def matching(
    reels: Iterable[EncodedReel], timeline: Timeline, join_frames: int
) -> Iterator[EncodedReel]:
    """The reels, one at a time, as long as they belong together; they must fill the timeline.

    Raises
    ------
    EncodeError
        A reel has another sample rate or other codec settings than the first; or, after the last,
        all of them are not as long as the timeline says.
    """
    extradata: bytes | None = None
    frames = 0
    for reel in reels:
        if reel.sample_rate_hz != timeline.sample_rate_hz:
            raise EncodeError(
                f"a reel of {reel.sample_rate_hz} Hz cannot be in a book of "
                f"{timeline.sample_rate_hz} Hz"
            )
        if extradata is None:
            extradata = reel.extradata
        elif reel.extradata != extradata:
            raise EncodeError("reels of different codec settings cannot be in one file")
        frames += reel.frames
        yield reel
    if extradata is None or frames - join_frames != timeline.frames:
        held = max(0, frames - join_frames)
        raise EncodeError(f"the reels hold {held} frames, the timeline {timeline.frames}")


def check_whole(frames: int, frame_size: int) -> None:
    """Refuse samples that are not a whole number of codec frames, or none at all.

    Raises
    ------
    ValueError
        A mistake of the caller.
    """
    if frames == 0 or frames % frame_size:
        raise ValueError(f"{frames} samples are not a whole number of {frame_size}")


def rate_above(wanted_hz: int, rates_hz: Sequence[int]) -> int:
    """The lowest of the sample rates that loses nothing of `wanted_hz`, or else the highest."""
    return min((rate for rate in rates_hz if rate >= wanted_hz), default=max(rates_hz))


def image_type(cover: bytes) -> str:
    """The media type of a cover.

    Raises
    ------
    EncodeError
        It is neither JPEG nor PNG.
    """
    if cover.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if cover.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    raise EncodeError("the cover is neither a JPEG nor a PNG image")
