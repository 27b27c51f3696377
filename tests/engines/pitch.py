"""Pitch of speech, for tests that listen."""

import numpy as np
from numpy.typing import NDArray

from narrator.engines.base import Samples


def pitch_track_hz(
    samples: Samples, low_hz: float = 50, high_hz: float = 600
) -> NDArray[np.float64]:
    """Pitch of the voiced parts, one value for each, by normalized autocorrelation.

    Of peaks that are nearly as high as the highest, the one of the shortest period is taken, or
    half the pitch would be found as often as the pitch.
    """
    window, hop = 1024, 1024
    shortest, longest = int(samples.sample_rate_hz / high_hz), int(samples.sample_rate_hz / low_hz)
    found: list[float] = []
    pcm = samples.pcm / 32768
    for start in range(0, len(pcm) - 2 * window, hop):
        block = pcm[start : start + 2 * window]
        head = block[:window]
        if np.sqrt(np.mean(head**2)) < 0.01:
            continue
        spectrum = np.fft.rfft(block, 4096) * np.conj(np.fft.rfft(head, 4096))
        squares = np.cumsum(np.concatenate(([0.0], block**2)))
        energy = squares[window : 2 * window] - squares[:window]
        likeness = np.fft.irfft(spectrum)[:window] / np.sqrt(energy[0] * energy + 1e-12)
        lags = likeness[shortest:longest]
        peaks = 1 + np.flatnonzero((lags[1:-1] > lags[:-2]) & (lags[1:-1] >= lags[2:]))
        peaks = peaks[lags[peaks] > max(0.6, 0.88 * lags.max())]
        if len(peaks):
            found.append(samples.sample_rate_hz / (peaks[0] + shortest))
    return np.array(found)
