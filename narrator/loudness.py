"""How loud sound is, by ITU-R BS.1770, through ffmpeg's ebur128 filter."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import av.filter
import numpy as np
from numpy.typing import NDArray

_GATE_LUFS = -70.0
"""The filter gives this for sound that never passes BS.1770's absolute gate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """What a meter read."""

    integrated_lufs: float
    """Gated programme loudness; ``-inf`` where nothing is above the gate of −70 LUFS."""
    sample_peak_dbfs: float
    """The largest sample; ``-inf`` for digital silence."""
    true_peak_dbtp: float | None
    """The largest value between the samples, four times oversampled; None where not asked for."""


class Meter:
    """Measures sound that comes frame by frame, in constant memory.

    One channel is measured as one channel: a mono file reads 3.01 LU less than a two-channel file
    that holds the same samples twice, because BS.1770 adds up the power of the channels.

    Parameters
    ----------
    sample_rate_hz, layout, sample_format
        Of every frame that is given to `add`, in ffmpeg's names: ``"mono"``, ``"s16"``.
    true_peak
        Measure the true peak too, which takes three times as long as all the rest.

    Notes
    -----
    ITU-R BS.1770-4: K-weighting and gating as in the `ebur128` filter.
    """

    def __init__(
        self, sample_rate_hz: int, layout: str, sample_format: str, *, true_peak: bool = False
    ) -> None:
        self._graph = av.filter.Graph()
        source = self._graph.add_abuffer(
            sample_rate=sample_rate_hz,
            format=sample_format,
            layout=layout,
            time_base=Fraction(1, sample_rate_hz),
        )
        peaks = "sample+true" if true_peak else "sample"
        meter = self._graph.add("ebur128", f"metadata=1:framelog=quiet:peak={peaks}")
        sink = self._graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        self._graph.configure()
        self._form = (sample_rate_hz, layout, sample_format)
        self._true_peak = true_peak
        self._last: dict[str, str] = {}
        self._frames = 0

    def add(self, frame: av.AudioFrame) -> None:
        """Measure one more frame; its own time stamp is not looked at."""
        frame.pts = self._frames
        frame.time_base = Fraction(1, frame.sample_rate)
        self._frames += frame.samples
        self._graph.push(frame)
        self._drain()

    def result(self) -> Loudness:
        """What was measured. The meter is not used after this."""
        # The filter reports ten times a second, so what comes after its last report needs one more.
        if short := -self._frames % (self._form[0] // 10 + 1):
            self.add(self._silence(short))
        self._graph.push(None)
        self._drain()
        integrated = float(self._last.get("lavfi.r128.I", "-inf"))
        return Loudness(
            integrated_lufs=integrated if integrated > _GATE_LUFS else -math.inf,
            sample_peak_dbfs=self._peak_db("lavfi.r128.sample_peak"),
            true_peak_dbtp=self._peak_db("lavfi.r128.true_peak") if self._true_peak else None,
        )

    def _silence(self, samples: int) -> av.AudioFrame:
        sample_rate_hz, layout, sample_format = self._form
        frame = av.AudioFrame(format=sample_format, layout=layout, samples=samples)
        frame.sample_rate = sample_rate_hz
        zero = b"\x80" if sample_format.startswith("u8") else b"\0"
        for plane in frame.planes:
            plane.update(zero * plane.buffer_size)
        return frame

    def _drain(self) -> None:
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            if found := frame.metadata:
                self._last = found

    def _peak_db(self, key: str) -> float:
        return to_db(float(self._last.get(key, "0")))


def measure(pcm: NDArray[np.int16], sample_rate_hz: int, *, true_peak: bool = True) -> Loudness:
    """Loudness and peaks of sound that is in memory.

    Parameters
    ----------
    pcm
        Shape (frames,) for one channel, (frames, 2) for two; int16.
    """
    layout = "mono" if pcm.ndim == 1 else "stereo"
    meter = Meter(sample_rate_hz, layout, "s16", true_peak=true_peak)
    for second in _seconds(pcm, sample_rate_hz):
        packed = np.ascontiguousarray(second).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=layout)
        frame.sample_rate = sample_rate_hz
        meter.add(frame)
    return meter.result()


def measure_lufs(pcm: NDArray[np.int16], sample_rate_hz: int) -> float:
    """Integrated loudness of one channel, in LUFS.

    Parameters
    ----------
    pcm
        Shape (frames,), int16. BS.1770 looks at blocks of 400 ms: give more than that.

    Returns
    -------
    float
        ``-inf`` for silence, and for sound too short to fill a block.

    Notes
    -----
    ITU-R BS.1770-4. A 997 Hz sine of full scale in one channel is −3.01 LUFS.
    """
    return measure(pcm, sample_rate_hz, true_peak=False).integrated_lufs


def to_db(amplitude: float) -> float:
    """An amplitude, full scale 1, in decibels; ``-inf`` for 0."""
    return 20.0 * math.log10(amplitude) if amplitude > 0 else -math.inf


def to_amplitude(db: float) -> float:
    """The factor that `db` decibels of gain are."""
    return float(10.0 ** (db / 20.0))


def _seconds(pcm: NDArray[np.int16], sample_rate_hz: int) -> Iterator[NDArray[np.int16]]:
    for start in range(0, len(pcm), sample_rate_hz):
        yield pcm[start : start + sample_rate_hz]
