"""A higher or lower pitch for voices that follow a rate, but no pitch.

They are asked to speak more slowly, and what they say is played faster by as much; or the other way
round. The formants move with the pitch, as in a smaller or a larger person, which is why there is a
bound to it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from narrator.model import Delivery, Voice

FURTHEST_SEMITONES = 3.0
"""Beyond it a voice sounds like a tape at the wrong speed rather than like somebody."""

_REVISION = 1
"""Changes whenever the same sound may be shifted to another."""


def shift_of(voice: Voice, delivery: Delivery) -> float:
    """By how many semitones a voice's sound has to be shifted, because it does not do it itself."""
    if "pitch" in voice.controls or "rate" not in voice.controls:
        return 0.0
    return min(max(delivery.pitch_semitones, -FURTHEST_SEMITONES), FURTHEST_SEMITONES)


def shift_mark(voice: Voice, delivery: Delivery) -> list[object]:
    """What a key of sound holds beside voice and delivery; nothing where nothing is shifted."""
    return [["shifted", _REVISION]] if shift_of(voice, delivery) else []


def before_shift(delivery: Delivery, semitones: float) -> Delivery:
    """What the voice is asked for, so that it has the rate of `delivery` once it is shifted."""
    return replace(delivery, rate=delivery.rate / _speed(semitones), pitch_semitones=0.0)


def shifted(pcm: NDArray[np.int16], sample_rate_hz: int, semitones: float) -> NDArray[np.int16]:
    """Sound at another pitch, and shorter or longer by as much. Shape (frames,)."""
    from narrator.engines.resample import resample  # loads ffmpeg, which most voices can do without

    as_if_hz = round(sample_rate_hz * _speed(semitones))
    sound = resample(pcm.astype(np.float32), as_if_hz, sample_rate_hz)
    # The filter swings a little beyond what it is given.
    return np.rint(np.clip(sound, -32767, 32767)).astype(np.int16)


def _speed(semitones: float) -> float:
    return float(2.0 ** (semitones / 12))
