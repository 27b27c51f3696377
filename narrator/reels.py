"""Where the takes of a book are cut into reels."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from narrator.model import Take

# Half a minute to a minute and a half of speech.
_LEAST_CHARACTERS = 400
_MOST_CHARACTERS = 1200
_ONE_IN = 6

_USUAL_PACE = 17.5
"""Characters a second of what is spoken: the built-in voices read five stories within 2% of it."""
_CHARACTERS_PER_SECOND = 15.0
"""By which a sound counts as so much text where reels are cut: another number would cut others."""


def take_s(take: Take) -> float:
    """About how long a take sounds and the pause after it lasts, in seconds."""
    speech_s = len(take.text) / _USUAL_PACE / take.delivery.rate
    sound_s = take.sound.length_s if take.sound is not None else 0.0
    return speech_s + sound_s + take.pause_ms / 1000


def cut_reels(takes: Iterable[Take]) -> Iterator[tuple[Take, ...]]:
    """Cut takes into runs of about a minute of speech, at chapters and in between.

    Cut points depend on the words around them and not on how much came before (content-defined
    chunking, as in LBFS, Muthitacharoen et al. 2001): after a line is added or removed, the reels
    behind it are soon the same as they were, and need not be made again.

    Yields
    ------
    tuple of Take
        Never empty; one behind the other, they are `takes`.
    """
    reel: list[Take] = []
    length = 0
    for take in takes:
        if reel and take.chapter != reel[-1].chapter:
            yield tuple(reel)
            reel, length = [], 0
        reel.append(take)
        length += len(take.text)
        if take.sound is not None:
            length += round(take.sound.length_s * _CHARACTERS_PER_SECOND)
        falls = zlib.crc32(take.text.encode()) % _ONE_IN == 0 and length >= _LEAST_CHARACTERS
        if falls or length >= _MOST_CHARACTERS:
            yield tuple(reel)
            reel, length = [], 0
    if reel:
        yield tuple(reel)
