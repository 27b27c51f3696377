"""Sound that can be found again after decoding."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from narrator.encode import EncodeConfig, EncodedReel, Encoder
from narrator.model import Mark, Timeline

BURST_FRAMES = 1200


def burst(rate: int) -> NDArray[np.float64]:
    """A short sweep, which fits itself at one place only. Shape (BURST_FRAMES,), peak 0.5."""
    t = np.arange(BURST_FRAMES) / rate
    sweep = np.sin(2 * np.pi * (400 * t + (0.16 * rate - 400) / (2 * t[-1]) * t**2))
    shaped: NDArray[np.float64] = 0.5 * sweep * np.hanning(BURST_FRAMES)
    return shaped


def reel_pcm(frames: int, bursts_at: tuple[int, ...], rate: int) -> NDArray[np.int16]:
    """Silence of a whole number of codec frames, with bursts."""
    pcm = np.zeros(frames, dtype=np.int16)
    for at in bursts_at:
        pcm[at : at + BURST_FRAMES] = np.rint(32767 * burst(rate))
    return pcm


def encoded(encoder: Encoder, pcm: NDArray[np.int16], rate: int) -> EncodedReel:
    return encoder.encode_reel(pcm, sample_rate_hz=rate, config=EncodeConfig())


def whole_frames(encoder: Encoder, least: int) -> int:
    """The lowest number of samples from `least` on that are whole codec frames."""
    return -(-least // encoder.frame_size) * encoder.frame_size


def timeline_of(
    encoder: Encoder, reels: list[EncodedReel], marks: tuple[Mark, ...] = ()
) -> Timeline:
    return Timeline(
        sample_rate_hz=reels[0].sample_rate_hz,
        frames=sum(reel.frames for reel in reels) - encoder.join_frames,
        cues=(),
        marks=marks,
    )


def decode(path: Path, from_frame: int | None = None) -> tuple[int, NDArray[np.float32]]:
    """All sound of a file, or what a player gives from a frame on: first frame and samples."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        base = stream.time_base
        assert base is not None
        begin = stream.start_time or 0
        if from_frame is not None:
            container.seek(begin + round(from_frame / stream.rate / base), stream=stream)
        frames = list(container.decode(stream))
        assert frames[0].pts is not None
        first = round((frames[0].pts - begin) * base * stream.rate)
    samples = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    if samples.dtype == np.int16:
        samples = samples.astype(np.float32) / 32767
    return first, samples.astype(np.float32)


def find_burst(samples: NDArray[np.float32], near: int, rate: int, reach: int = 2048) -> int:
    """Where, within `reach` of `near`, the sound is most like a burst."""
    start = max(0, near - reach)
    around = samples[start : near + BURST_FRAMES + reach].astype(np.float64)
    fit = np.correlate(around, burst(rate), mode="valid")
    # Sound that is not there at all fits nowhere.
    assert fit.max() > 0.5 * np.dot(burst(rate), burst(rate))
    return start + int(fit.argmax())
