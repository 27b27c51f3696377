"""What is wrong with a clip, judged by its sound beside its text.

Engines that generate speech from a model now and then leave words out, go round in circles, trail
off into silence or noise. None of it raises an error, so the sound itself has to be looked at. What
is said here is a suspicion: it makes an engine try again, and what stays suspect is reported.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrator.engines.base import Samples

_FULL_SCALE = 32767.0

_BLOCK_MS = 10
_QUIET_BELOW_LOUD_DB = 40.0
"""What lies so far under the loud parts of a clip counts as a pause."""

_TOO_LONG, _TOO_SHORT = 2.2, 0.4
"""Factors on the length that the text leads to expect. A voice's own pace differs from one sentence
to the next by up to a half: names, figures and lists take longer than they look."""
_SLACK_S = 1.2
_LEAST_LETTERS = 8
"""The length of anything shorter says nothing."""

_LONGEST_PAUSE_S = 2.0
_LEVEL_OFF_DB = 15.0
_CLIPPED_RUN = 4
_CLIPPED_SHARE = 0.002
_NOISE_FLATNESS = 0.5
"""Speech is at 0.05 to 0.25 on average, white noise at 0.56."""

_HOP_MS = 16
_BANDS = 20
_NOISE_RUN_S = 0.8
_SMOOTH_FRAMES = 3
_DRIFT_FRAMES = 2
"""How far two takes of the same words may slip against each other within a lap."""
_SAME = 0.85
"""Likeness of two laps that are the same words. Measured on eSpeak NG: other words reach 0.71, the
same six words three times on end have at least 0.96, twice, as the end of a sentence, 0.93."""
_LEAST_LAP_S = 0.5
_LEAST_LIVELINESS = 0.25
"""Standard deviation of band levels over time, in Neper; a steady hum only repeats itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """How a voice speaks when all is well: measured on a text that it spoke right."""

    letters_per_s: float
    """Letters and digits a second, pauses included."""
    level_dbfs: float
    """RMS of what is not a pause."""


def norm_of(samples: Samples, text: str) -> Norm | None:
    """Measure the usual pace and level; None where there is no sound or no letter.

    Parameters
    ----------
    samples
        The sound of `text`, a sentence or more of it.
    """
    levels = _levels(samples)
    span = _sounding(levels)
    letters = _weight(text)
    if span is None or not letters:
        return None
    length_s = len(span) * _BLOCK_MS / 1000
    return Norm(letters_per_s=letters / length_s, level_dbfs=_level_db(levels))


def suspicion(samples: Samples, text: str, norm: Norm | None = None) -> str | None:
    """Say in words what is suspect about a clip, None where nothing is.

    Parameters
    ----------
    samples
        Mono, int16; the silence at its ends may be there or not.
    text
        What it should say.
    norm
        How this voice usually speaks, in the same delivery; None leaves out what needs it.

    Returns
    -------
    str or None
        For example ``"too long for its text: 9.1 s, where about 3.0 s were expected"``.
    """
    levels = _levels(samples)
    span = _sounding(levels)
    if span is None:
        return None  # silence is another matter: the text may hold nothing to pronounce
    length_s = len(span) * _BLOCK_MS / 1000
    found = _length_fault(length_s, text, norm) if norm else None
    found = found or _pause_fault(levels[span.start : span.stop], text)
    found = found or _clipping_fault(samples.pcm)
    if norm and not found:
        found = _level_fault(_level_db(levels), norm)
    return found or _spectral_fault(samples, text)


def _weight(text: str) -> int:
    """Letters, a digit counting as the four of its name."""
    return sum(4 if c.isdigit() else 1 for c in text if c.isalnum())


def _levels(samples: Samples) -> NDArray[np.float64]:
    """Power of blocks of 10 ms, full scale 1; shape (blocks,)."""
    size = max(1, samples.sample_rate_hz * _BLOCK_MS // 1000)
    count = len(samples.pcm) // size
    blocks = samples.pcm[: count * size].astype(np.float32).reshape(count, size) / _FULL_SCALE
    power: NDArray[np.float64] = np.mean(np.square(blocks), axis=1, dtype=np.float64)
    return power


def _loud(levels: NDArray[np.float64]) -> float:
    return float(np.quantile(levels, 0.95)) if len(levels) else 0.0


def _is_loud(levels: NDArray[np.float64]) -> NDArray[np.bool_]:
    return levels > _loud(levels) * 10 ** (-_QUIET_BELOW_LOUD_DB / 10)


def _sounding(levels: NDArray[np.float64]) -> range | None:
    """The blocks from the first to the last that are no pause."""
    where = np.flatnonzero(_is_loud(levels) & (levels > 0))
    return range(int(where[0]), int(where[-1]) + 1) if len(where) else None


def _level_db(levels: NDArray[np.float64]) -> float:
    return 10 * math.log10(float(np.mean(levels[_is_loud(levels)])))


def _length_fault(length_s: float, text: str, norm: Norm) -> str | None:
    letters = _weight(text)
    if letters < _LEAST_LETTERS:
        letters, least = _LEAST_LETTERS, 0.0
    else:
        least = _TOO_SHORT * letters / norm.letters_per_s - _SLACK_S / 4
    expected_s = letters / norm.letters_per_s
    if length_s > _TOO_LONG * expected_s + _SLACK_S:
        fault = "too long"
    elif length_s < least:
        fault = "too short"
    else:
        return None
    about = f"{length_s:.1f} s, where about {expected_s:.1f} s were expected"
    return f"{fault} for its text: {about}"


def _pause_fault(levels: NDArray[np.float64], text: str) -> str | None:
    edges = np.flatnonzero(np.diff(_is_loud(levels), prepend=True, append=True))
    longest_s = float(np.max(np.diff(edges)[::2], initial=0)) * _BLOCK_MS / 1000
    stops = len(re.findall(r"[.!?…:;—]", text))
    if longest_s > _LONGEST_PAUSE_S + 0.25 * min(stops, 8):
        return f"silent for {longest_s:.1f} s in its midst"
    return None


def _clipping_fault(pcm: NDArray[np.int16]) -> str | None:
    full = np.abs(pcm.astype(np.int32)) >= 32767
    if np.count_nonzero(full) < _CLIPPED_SHARE * len(full):
        return None
    edges = np.flatnonzero(np.diff(full, prepend=False, append=False))
    runs = np.diff(edges)[::2]
    share = float(np.sum(runs[runs >= _CLIPPED_RUN])) / len(full)
    return f"clipped: {share:.1%} of it is at full scale" if share > _CLIPPED_SHARE else None


def _level_fault(level_db: float, norm: Norm) -> str | None:
    off_db = level_db - norm.level_dbfs
    if abs(off_db) <= _LEVEL_OFF_DB:
        return None
    return f"{abs(off_db):.0f} dB {'louder' if off_db > 0 else 'quieter'} than the voice is"


def _spectral_fault(samples: Samples, text: str) -> str | None:
    spectra = _spectra(samples)
    if not len(spectra):
        return None
    flatness = np.exp(np.mean(np.log(spectra), axis=1)) / np.mean(spectra, axis=1)
    run = min(len(flatness), int(_NOISE_RUN_S * 1000 / _HOP_MS))
    noisiest = float(np.max(np.convolve(flatness, np.full(run, 1 / run), mode="valid")))
    if noisiest > _NOISE_FLATNESS:
        return "noise rather than speech"
    if repeats_itself(text):
        return None
    lap_s = _lap_s(_bands(spectra))
    return f"says the same {lap_s:.1f} s twice" if lap_s else None


def _spectra(samples: Samples) -> NDArray[np.float32]:
    """Power spectra of what is no pause, up to 8 kHz; shape (frames, bins)."""
    hop = samples.sample_rate_hz * _HOP_MS // 1000
    size = 2 * hop
    if len(samples.pcm) < 4 * size:
        return np.zeros((0, 1), dtype=np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(samples.pcm, size)[::hop]
    spectra = np.abs(np.fft.rfft(windows * np.hanning(size).astype(np.float32), axis=1)) ** 2
    top = max(_BANDS, size * min(8000, samples.sample_rate_hz // 2) // samples.sample_rate_hz)
    power = spectra[:, 1:top].astype(np.float32)
    return power[_is_loud(np.mean(power, axis=1).astype(np.float64))] + np.float32(1e-6)


def _bands(spectra: NDArray[np.float32]) -> NDArray[np.float32]:
    """Levels of bands that widen upwards, in Neper; shape (frames, bands), each frame's mean 0."""
    edges = np.unique(np.geomspace(1, spectra.shape[1], _BANDS + 1).astype(int)) - 1
    bands = np.log(np.add.reduceat(spectra, edges[:-1], axis=1))
    return np.asarray(bands - bands.mean(axis=1, keepdims=True), dtype=np.float32)


def _lap_s(bands: NDArray[np.float32]) -> float:
    """Length of the longest stretch that comes again at once, in seconds; 0 where none does."""
    kernel = np.full(_SMOOTH_FRAMES, 1 / _SMOOTH_FRAMES)
    smooth = np.apply_along_axis(lambda band: np.convolve(band, kernel, mode="same"), 0, bands)
    moving = smooth - smooth.mean(axis=0)
    if float(moving.std()) < _LEAST_LIVELINESS:
        return 0.0
    unit = moving / np.maximum(np.linalg.norm(moving, axis=1, keepdims=True), 1e-6)
    least = int(_LEAST_LAP_S * 1000 / _HOP_MS)
    best = 0
    for lag, alike in _likeness(unit, range(least, len(unit) // 2 + 1 - _DRIFT_FRAMES)):
        total = np.concatenate(([0.0], np.cumsum(alike)))
        # The stretch between has to be the whole lap, else two alike syllables would be enough.
        if float(np.max(total[lag:] - total[:-lag], initial=0.0)) > _SAME * lag:
            best = lag
    return best * _HOP_MS / 1000


def _likeness(unit: NDArray[np.float64], lags: range) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """For each lag, how alike each frame is to the one so much later or, as words drift, one
    close to that."""
    near: deque[NDArray[np.float64]] = deque(maxlen=2 * _DRIFT_FRAMES + 1)
    for at in range(lags.start - _DRIFT_FRAMES, lags.stop + _DRIFT_FRAMES):
        near.append(np.einsum("ij,ij->i", unit[: len(unit) - at], unit[at:]))
        if len(near) == near.maxlen:
            yield at - _DRIFT_FRAMES, np.max([each[: len(near[-1])] for each in near], axis=0)


def repeats_itself(text: str) -> bool:
    """Whether a text says something twice on end: ``No, no!``, ``knock, knock``."""
    words = re.findall(r"\w+", text.casefold())
    for size in range(1, len(words) // 2 + 1):
        for at in range(len(words) - 2 * size + 1):
            if words[at : at + size] == words[at + size : at + 2 * size]:
                return True
    return False
