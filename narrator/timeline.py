"""Reels one behind the other: when every take sounds, and where chapters begin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from narrator.encode import Encoder
from narrator.model import Cue, Mark, Take, Timeline
from narrator.orders import ReelSheet


def chapter_titles(takes: Iterable[Take]) -> dict[int, str]:
    """Titles of the chapters, by the index of the take that each begins with."""
    return {index: take.mark for index, take in enumerate(takes) if take.mark is not None}


def lay_out(
    titles: Mapping[int, str], sheets: Sequence[ReelSheet], encoder: Encoder, sample_rate_hz: int
) -> Timeline:
    """Lay reels one behind the other: when does every take sound, and every chapter begin?

    Parameters
    ----------
    titles
        See `chapter_titles`.
    """
    cues: list[Cue] = []
    at = 0
    for sheet in sheets:
        for start, end in sheet.cues:
            cues.append(Cue(take=len(cues), start=at + start, end=at + end))
        at += sheet.frames
    return Timeline(
        sample_rate_hz=sample_rate_hz,
        frames=at - encoder.join_frames,
        cues=tuple(cues),
        marks=tuple(Mark(title=title, start=cues[take].start) for take, title in titles.items()),
    )
