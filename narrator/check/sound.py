"""Decoding all of a file, in constant memory."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from numpy.typing import NDArray

from narrator.check.levels import LevelGauge
from narrator.check.report import Levels
from narrator.loudness import Loudness, Meter

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_FLAT_TOP_SAMPLES = 3
_BLOCK_S = 4
"""Packets are short; measured in longer blocks they take a third of the time."""
_MOST_WAITING = 3
"""Blocks that are decoded but not measured yet."""


@dataclass(slots=True, kw_only=True)
class Sound:
    """What decoding has found so far."""

    seconds: float = 0.0
    packet_bytes: int = 0
    smallest_packet: int = 1 << 62
    largest_packet: int = 0
    damaged: int = 0
    changes: int = 0
    meters: _Meters | None = None

    @property
    def is_constant_bitrate(self) -> bool:
        return self.largest_packet - self.smallest_packet <= 1

    @property
    def clipped(self) -> int:
        return self.meters.clipped if self.meters else 0

    def loudness(self) -> Loudness:
        if self.meters is None:
            return Loudness(
                integrated_lufs=-math.inf, sample_peak_dbfs=-math.inf, true_peak_dbtp=None
            )
        return self.meters.meter.result()

    def levels(self) -> Levels:
        return (self.meters.gauge if self.meters else LevelGauge(1)).result()


_MOST_CHANNELS = 8
"""No audiobook has more. What is damaged may seem to, and PyAV crashes over the ninth."""


@dataclass(slots=True, kw_only=True)
class _Meters:
    """What measures the sound, all of it of one form."""

    form: tuple[int, str, str]
    meter: Meter
    gauge: LevelGauge
    clipped: int = 0
    waiting: av.AudioFifo = field(default_factory=av.AudioFifo)

    def measure(self, block: av.AudioFrame) -> None:
        values = _values(block)
        self.clipped += _flat_tops(values)
        self.gauge.add(values)
        self.meter.add(block)


def measure_sound(container: InputContainer, stream: AudioStream) -> Sound:
    """Decode a stream to its end, past what is damaged.

    Decoding and measuring take equally long, and both let other threads run meanwhile: so each has
    a thread of its own.
    """
    sound = Sound()
    pending: deque[Future[None]] = deque()
    with ThreadPoolExecutor(max_workers=1) as thread:
        for frame in _frames(container, stream, sound):
            block = _add(sound, frame)
            if block is not None and sound.meters is not None:
                pending.append(thread.submit(sound.meters.measure, block))
            while len(pending) > _MOST_WAITING:
                pending.popleft().result()
        for future in pending:
            future.result()
    if sound.meters is not None and (rest := sound.meters.waiting.read()) is not None:
        sound.meters.measure(rest)
    return sound


def _frames(
    container: InputContainer, stream: AudioStream, sound: Sound
) -> Iterator[av.AudioFrame]:
    try:
        for packet in container.demux(stream):
            if packet.size:
                sound.packet_bytes += packet.size
                sound.smallest_packet = min(sound.smallest_packet, packet.size)
                sound.largest_packet = max(sound.largest_packet, packet.size)
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                sound.damaged += 1
                continue
            yield from frames
    except av.error.FFmpegError:
        # The container itself breaks off.
        sound.damaged += 1


def _add(sound: Sound, frame: av.AudioFrame) -> av.AudioFrame | None:
    """Count a frame; a block to measure, once there is enough for one."""
    if frame.layout.nb_channels > _MOST_CHANNELS:
        sound.damaged += 1
        return None
    form = (frame.sample_rate, frame.layout.name, frame.format.name)
    if sound.meters is None:
        sound.meters = _Meters(form=form, meter=Meter(*form), gauge=LevelGauge(frame.sample_rate))
    sound.seconds += frame.samples / frame.sample_rate
    if form != sound.meters.form:
        sound.changes += 1
        return None
    frame.pts = None
    waiting = sound.meters.waiting
    waiting.write(frame)
    return waiting.read() if waiting.samples >= _BLOCK_S * frame.sample_rate else None


def _values(frame: av.AudioFrame) -> NDArray[np.float32]:
    """A frame's samples, full scale ±1; shape (channels, samples)."""
    values: NDArray[Any] = frame.to_ndarray()
    if not frame.format.is_planar:
        values = values.reshape(-1, frame.layout.nb_channels).T
    if values.dtype.kind == "f":
        return values.astype(np.float32, copy=False)
    if values.dtype.kind == "u":
        return (values.astype(np.float32) - 128) / np.float32(127)
    return values.astype(np.float32) / np.float32(np.iinfo(values.dtype).max)


def _flat_tops(values: NDArray[np.float32]) -> int:
    """Samples in runs at full scale. A lone one is a peak; a run is a wave with its top cut off."""
    if not values.size or max(values.max(), -values.min()) < 1.0:
        return 0
    return sum(_long_runs(np.abs(channel) >= 1.0) for channel in values)


def _long_runs(at_top: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.pad(at_top.astype(np.int8), 1)))
    lengths = edges[1::2] - edges[::2]
    return int(lengths[lengths >= _FLAT_TOP_SAMPLES].sum())
