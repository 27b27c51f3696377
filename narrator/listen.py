"""Sound -> Timbre: pitch, spectrum and speed of a voice.

Notes
-----
The spectrum is summed up as in S. Davis and P. Mermelstein, "Comparison of parametric
representations for monosyllabic word recognition in continuously spoken sentences", IEEE
Transactions on Acoustics, Speech, and Signal Processing 28 (1980): a cosine transform of the
logarithm of the power in bands of equal width on the mel scale. Pitch is the highest peak of the
normalized autocorrelation of a frame.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from narrator.engines.base import Engine, Samples, speak
from narrator.errors import EngineError
from narrator.model import Voice
from narrator.timbre import COEFFICIENTS, Timbre

SAMPLE_TEXT = (
    "When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow. "
    "Was that your voice, or only the wind? We had no boat, so he showed us a far better way home."
)
"""What voices are measured with: its vowels are many, and one of three sentences asks."""

REVISION = 1
"""Changes whenever the same sound may give another timbre."""

_LOW_HZ, _HIGH_HZ = 100.0, 7600.0
_BANDS = 26
_FRAME_S, _HOP_S = 0.04, 0.01
_LOWEST_PITCH_HZ, _HIGHEST_PITCH_HZ = 50.0, 600.0
_VOICED = 0.5
_QUIET_DB = 35.0
"""Frames this far below the loudest are pauses."""
_REFERENCE_HZ = 55.0


def timbre_of(samples: Samples) -> Timbre:
    """Measure what a voice said; the text must be the same for voices that are compared.

    Raises
    ------
    EngineError
        There is no voice in it.
    """
    frames = _frames(samples)
    level = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12) if len(frames) else np.zeros(0)
    loud = level > (level.max() - _QUIET_DB) if len(level) else np.zeros(0, bool)
    pitch_hz = _pitches_hz(frames[loud], samples.sample_rate_hz)
    if not len(pitch_hz):
        raise EngineError("the sample has no voice in it")
    semitones = 12 * np.log2(pitch_hz / _REFERENCE_HZ)
    low, middle, high = np.percentile(semitones, (10, 50, 90))
    sounding = np.flatnonzero(loud)
    return Timbre(
        pitch_st=round(float(middle), 2),
        spread_st=round(float(high - low), 2),
        seconds=round(float(sounding[-1] - sounding[0] + 1) * _HOP_S, 3),
        envelope_db=_envelope_db(frames[loud], samples.sample_rate_hz),
    )


def measure(engine: Engine, voice: Voice) -> Timbre:
    """Have a voice say the sample text, and measure it.

    Raises
    ------
    EngineError
        The engine failed, or said nothing.
    """
    try:
        return timbre_of(speak(engine, SAMPLE_TEXT, voice))
    except EngineError as exc:
        raise EngineError(f"the voice {voice.name!r} cannot be measured: {exc}") from exc


def _frames(samples: Samples) -> NDArray[np.float64]:
    """Overlapping frames, shape (frames, samples of a frame), full scale ±1."""
    sound = samples.pcm.astype(np.float64) / 32768
    length, hop = (round(s * samples.sample_rate_hz) for s in (_FRAME_S, _HOP_S))
    if len(sound) < length:
        return np.zeros((0, length))
    return np.lib.stride_tricks.sliding_window_view(sound, length)[::hop]


def _pitches_hz(frames: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    """Pitch of the frames that are voiced.

    Of peaks nearly as high as the highest, that of the shortest period is taken: a voice repeats
    itself after two periods as well as after one.
    """
    if not len(frames):
        return np.zeros(0)
    length = frames.shape[1]
    window = np.hanning(length)
    size = 1 << (2 * length - 1).bit_length()
    shortest, longest = int(rate_hz / _HIGHEST_PITCH_HZ), int(rate_hz / _LOWEST_PITCH_HZ)
    longest = min(longest, length * 3 // 4)  # beyond it too little of the frame is compared
    taper = _autocorrelation(window[None, :], size, longest)
    likeness = _autocorrelation(frames * window, size, longest) / taper
    lags = likeness[:, shortest:] / (likeness[:, :1] + 1e-12)
    inner = lags[:, 1:-1]
    is_peak = (inner > lags[:, :-2]) & (inner >= lags[:, 2:])
    peaks = np.where(is_peak, inner, 0.0)
    top = peaks.max(axis=1)
    first = np.argmax(peaks >= np.maximum(0.88 * top, _VOICED)[:, None], axis=1)
    pitch_hz: NDArray[np.float64] = rate_hz / (first[top > _VOICED] + shortest + 1.0)
    return pitch_hz


def _autocorrelation(frames: NDArray[np.float64], size: int, lags: int) -> NDArray[np.float64]:
    spectrum = np.abs(np.fft.rfft(frames, size, axis=1)) ** 2
    likeness: NDArray[np.float64] = np.fft.irfft(spectrum, axis=1)
    return likeness[:, :lags]


def _envelope_db(frames: NDArray[np.float64], rate_hz: int) -> tuple[float, ...]:
    spectrum = np.abs(np.fft.rfft(frames * np.hamming(frames.shape[1]), axis=1)) ** 2
    power = spectrum @ _mel_bands(spectrum.shape[1], rate_hz).T
    # A floor far below the voice keeps a rate without high frequencies from deciding everything.
    floor = 1e-6 * power.max()
    level_db = 10 * np.log10(np.maximum(power, floor)).mean(axis=0)
    order = np.arange(1, COEFFICIENTS + 1)[:, None]
    basis = np.sqrt(2) * np.cos(np.pi * order * (np.arange(_BANDS) + 0.5) / _BANDS) / _BANDS
    return tuple(round(float(value), 2) for value in basis @ level_db)


def _mel_bands(bins: int, rate_hz: int) -> NDArray[np.float64]:
    """Triangular bands, shape (bands, bins)."""
    low_mel, high_mel = (2595 * np.log10(1 + hz / 700) for hz in (_LOW_HZ, _HIGH_HZ))
    edges = 700 * (10 ** (np.linspace(low_mel, high_mel, _BANDS + 2) / 2595) - 1)
    frequency_hz = np.linspace(0, rate_hz / 2, bins)
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = (frequency_hz - low) / (centre - low)
    falling = (high - frequency_hz) / (high - centre)
    return np.clip(np.minimum(rising, falling), 0, None)
