"""Where the takes of a book are cut into reels."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from narrator.model import Take

# 20 seconds to 2 minutes of speech.
_LEAST_CHARACTERS = 400
_MOST_CHARACTERS = 1800
_ONE_IN = 6

_CHARACTERS_PER_SECOND = 15.0
"""What eSpeak NG and people alike speak, pauses within a sentence included."""


def take_s(take: Take) -> float:
    """About how long a take sounds and the pause after it lasts, in seconds."""
    speech_s = len(take.text) / _CHARACTERS_PER_SECOND / take.delivery.rate
    sound_s = take.sound.length_s if take.sound is not None else 0.0
    return speech_s + sound_s + take.pause_ms / 1000


def plan_reels(takes: Sequence[Take]) -> tuple[range, ...]:
    """Cut the takes into runs of about a minute of speech, at chapters and in between.

    Cut points depend on the words around them and not on how much came before (content-defined
    chunking, as in LBFS, Muthitacharoen et al. 2001): after a line is added or removed, the reels
    behind it are soon the same as they were, and need not be made again.

    Returns
    -------
    tuple of range
        Indices into `takes`, each non-empty, in order, covering all of them.
    """
    reels: list[range] = []
    start, length = 0, 0
    for index, take in enumerate(takes):
        length += len(take.text)
        if take.sound is not None:
            length += round(take.sound.length_s * _CHARACTERS_PER_SECOND)
        last = index + 1 == len(takes)
        chapter_ends = not last and takes[index + 1].chapter != take.chapter
        falls = zlib.crc32(take.text.encode()) % _ONE_IN == 0 and length >= _LEAST_CHARACTERS
        if last or chapter_ends or falls or length >= _MOST_CHARACTERS:
            reels.append(range(start, index + 1))
            start, length = index + 1, 0
    return tuple(reels)
