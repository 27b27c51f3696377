"""RMS, noise floor, and the quiet at both ends.

Engineers say “noise floor” and mean what is heard where nobody speaks. Nothing in a file says where
that is, so it is found by level: the file is cut into windows of 20 ms, short enough for the gap
between two words, and the noise floor is the level (RMS) that the quietest twentieth of them stays
under. In a reading, more than a twentieth is pause. The very quietest window, which some programs
take, says little: one stretch of digital silence would hide any hiss. Where even a twentieth is
digital silence, the noise floor is ``-inf``; in a file without pauses it is the level of the
speech, which is right as well: there is no quiet in it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from narrator.check.report import Levels

_WINDOWS_PER_SECOND = 50
_QUIET_BELOW_DBFS = -50.0
"""Of a window at the head or the tail: over every room tone that passes, and under every word."""
_NOISE_SHARE = 0.05
_LOWEST_DB = -120.0
_STEPS_PER_DB = 10


class LevelGauge:
    """Measures sound that comes block by block, in constant memory.

    Parameters
    ----------
    sample_rate_hz
        Of every block.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate_hz = sample_rate_hz
        self._window = max(1, sample_rate_hz // _WINDOWS_PER_SECOND)
        self._rest: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._power = 0.0
        self._frames = 0
        self._windows = 0
        self._first_loud: int | None = None
        self._last_loud = -1
        # How many windows have each level, in tenths of a decibel from the lowest.
        self._counts = np.zeros(int(-_LOWEST_DB * _STEPS_PER_DB) + 2, dtype=np.int64)

    def add(self, values: NDArray[np.float32]) -> None:
        """Measure a block of shape (channels, frames), full scale ±1."""
        power: NDArray[np.float32] = np.square(values).mean(axis=0, dtype=np.float32)
        self._power += float(power.sum(dtype=np.float64))
        self._frames += len(power)
        power = np.concatenate((self._rest, power))
        whole = len(power) // self._window
        self._rest = power[whole * self._window :]
        means = power[: whole * self._window].reshape(whole, self._window).mean(axis=1)
        decibels = 10.0 * np.log10(np.maximum(means, 1e-30))
        steps = np.clip((decibels - _LOWEST_DB) * _STEPS_PER_DB + 1, 0, len(self._counts) - 1)
        self._counts += np.bincount(steps.astype(np.intp), minlength=len(self._counts))
        loud = np.flatnonzero(decibels > _QUIET_BELOW_DBFS)
        if len(loud):
            if self._first_loud is None:
                self._first_loud = self._windows + int(loud[0])
            self._last_loud = self._windows + int(loud[-1])
        self._windows += whole

    def result(self) -> Levels:
        """What was measured so far; silent throughout, the quiet is all head and all tail."""
        mean = self._power / self._frames if self._frames else 0.0
        first = self._windows if self._first_loud is None else self._first_loud
        return Levels(
            rms_dbfs=10.0 * math.log10(mean) if mean > 0 else -math.inf,
            noise_floor_dbfs=self._noise_floor_dbfs(),
            head_s=min(first * self._window, self._frames) / self._rate_hz,
            tail_s=(self._frames - (self._last_loud + 1) * self._window) / self._rate_hz,
        )

    def _noise_floor_dbfs(self) -> float:
        if not self._windows:
            return -math.inf
        under = np.cumsum(self._counts) >= _NOISE_SHARE * self._windows
        step = int(np.argmax(under))
        return _LOWEST_DB + step / _STEPS_PER_DB if step else -math.inf
