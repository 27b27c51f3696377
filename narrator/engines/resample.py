"""Sound at another sample rate."""

from __future__ import annotations

import av
import numpy as np
from numpy.typing import NDArray


def resample(sound: NDArray[np.float32], from_hz: int, to_hz: int) -> NDArray[np.float32]:
    """Change the sample rate, to exactly `resampled_frames` frames.

    Parameters
    ----------
    sound
        Shape (frames,).
    """
    if from_hz == to_hz or len(sound) == 0:
        return sound
    frames = resampled_frames(len(sound), from_hz, to_hz)
    # The filter gives nothing for sound shorter than itself, so it gets silence after it.
    padded = np.pad(sound, (0, from_hz // 20))
    frame = av.AudioFrame.from_ndarray(padded[np.newaxis], format="fltp", layout="mono")
    frame.sample_rate = from_hz
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=to_hz)
    pieces = [*resampler.resample(frame), *resampler.resample(None)]
    whole: NDArray[np.float32] = np.concatenate([piece.to_ndarray()[0] for piece in pieces])
    return whole[:frames]


def resampled_frames(frames: int, from_hz: int, to_hz: int) -> int:
    """How many frames at another rate last as long: ``round(frames * to_hz / from_hz)``."""
    return (frames * to_hz + from_hz // 2) // from_hz
