"""Takes' samples -> one reel of sound: trimmed, levelled, faded, limited, with pauses between.

The timeline is integer arithmetic throughout: where a take begins and ends is known to the frame
and does not depend on what it sounds like after its ends are trimmed.
"""

from __future__ import annotations

import functools
import math
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from narrator.config import check_range
from narrator.engines.base import Samples
from narrator.engines.resample import resample, resampled_frames
from narrator.loudness import measure_lufs, to_amplitude

Sound = NDArray[np.float32]
"""Mono sound of shape (frames,), full scale ±1."""

_FULL_SCALE = 32767.0

_SILENCE_BELOW_PEAK_DB = 54.0
_SILENCE_CEILING_DBFS = -45.0
_SILENCE_FLOOR_DBFS = -72.0
_CHUNK_MS = 10
_SKIP_STEP_MS = 40
"""Whole frames at 11,025 Hz and its multiples, as at all other rates."""
_FIRST_LOOK_MS = 500
_KEEP_BEFORE_MS = 15
_KEEP_AFTER_MS = 40

_BLOCKS_PER_SECOND = 1000
_LIMITER_REACH_BLOCKS = 20
_TAPS = 12
_BLOCKS_AT_ONCE = 2_000
_SAMPLES_AT_ONCE = 16_384

_CALIBRATIONS = 8
_CLOSE_ENOUGH_LU = 0.05
_MOST_MAKE_UP_DB = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MixConfig:
    """Levels and joins."""

    target_lufs: float = -20.0
    """What each voice is brought to, before a take's own gain; ITU-R BS.1770, one channel."""
    ceiling_dbfs: float = -3.0
    """What no true peak passes before encoding."""
    fade_ms: int = 4
    """At both ends of every take, so that no join clicks."""
    sample_rate_hz: int | None = None
    """Of the book; None takes the highest among the voices cast."""
    head_ms: int = 600
    """Quiet before the first word of a file."""
    tail_ms: int = 1800
    """Quiet after the last word of a file, at least."""
    room_tone_dbfs: float | None = None
    """Level (RMS) of a faint noise under everything; None leaves pauses digitally silent."""

    def __post_init__(self) -> None:
        check_range("target_lufs", self.target_lufs, -40.0, -6.0)
        check_range("ceiling_dbfs", self.ceiling_dbfs, -20.0, 0.0)
        check_range("fade_ms", self.fade_ms, 0, 50)
        if self.sample_rate_hz is not None:
            check_range("sample_rate_hz", self.sample_rate_hz, 8000, 96000)
        check_range("head_ms", self.head_ms, 0, 10_000)
        check_range("tail_ms", self.tail_ms, 0, 30_000)
        if self.room_tone_dbfs is not None:
            check_range("room_tone_dbfs", self.room_tone_dbfs, -90.0, -50.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One take in a reel."""

    samples: Samples
    """As the engine gave them. No frames at all is allowed: a part that is only a pause."""
    gain_db: float = 0.0
    pause_ms: int = 0
    """Silence after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedReel:
    """A reel of sound.

    `pcm` has shape (frames,), int16, in whole codec frames. `cues` holds, for each part, the
    half-open range of frames in which it sounds, from the reel's first frame.
    """

    sample_rate_hz: int
    pcm: NDArray[np.int16]
    cues: tuple[tuple[int, int], ...]


def trim(samples: Samples) -> Samples:
    """Remove the silence that an engine puts before and after its speech.

    Silence is what stays 54 dB under the clip's own peak. Fifteen milliseconds before the first
    sound and forty after the last are kept, for the onset of a plosive and the end of a fricative.
    Sound that is silent throughout comes back with no frames.
    """
    pcm = samples.pcm
    peak = _peak(pcm)
    if peak == 0:
        return Samples(sample_rate_hz=samples.sample_rate_hz, pcm=pcm[:0])
    threshold = 20.0 * math.log10(peak / _FULL_SCALE) - _SILENCE_BELOW_PEAK_DB
    threshold = min(max(threshold, _SILENCE_FLOOR_DBFS), _SILENCE_CEILING_DBFS)
    before_ms = _silence_ms(pcm, samples.sample_rate_hz, threshold)
    after_ms = _silence_ms(pcm[::-1], samples.sample_rate_hz, threshold)
    start = max(0, before_ms - _KEEP_BEFORE_MS) * samples.sample_rate_hz // 1000
    cut = max(0, after_ms - _KEEP_AFTER_MS) * samples.sample_rate_hz // 1000
    return Samples(
        sample_rate_hz=samples.sample_rate_hz, pcm=pcm[start : max(start, len(pcm) - cut)]
    )


def _silence_ms(pcm: NDArray[np.int16], sample_rate_hz: int, threshold_dbfs: float) -> int:
    """How long it is silent at first."""
    pydub, silence = _pydub()
    # Most clips are silent for far less than they are long, and all that pydub sees is copied.
    for look_ms in (_FIRST_LOOK_MS, len(pcm) * 1000 // sample_rate_hz + 1):
        piece = pcm[: sample_rate_hz * look_ms // 1000]
        sure_ms = _surely_silent_ms(piece, sample_rate_hz, threshold_dbfs)
        segment = pydub.AudioSegment(
            data=piece[sample_rate_hz * sure_ms // 1000 :].tobytes(),
            sample_width=2,
            frame_rate=sample_rate_hz,
            channels=1,
        )
        found = silence.detect_leading_silence(segment, threshold_dbfs, _CHUNK_MS)
        silence_ms = sure_ms + int(found)
        if silence_ms <= _FIRST_LOOK_MS - _CHUNK_MS:
            break
    return silence_ms


def _surely_silent_ms(pcm: NDArray[np.int16], sample_rate_hz: int, threshold_dbfs: float) -> int:
    """A length at the beginning in which no sample passes the threshold, so that pydub, which takes
    its time over each chunk, need not look at it; in steps that are whole chunks and frames."""
    most = int(to_amplitude(threshold_dbfs) * _FULL_SCALE)
    loud = (pcm > most) | (pcm < -most)
    quiet = int(loud.argmax()) if loud.any() else len(pcm)
    return quiet * 1000 // sample_rate_hz // _SKIP_STEP_MS * _SKIP_STEP_MS


@functools.cache
def _pydub() -> tuple[ModuleType, ModuleType]:
    # It warns on import that audioop is deprecated and that there is no ffmpeg program: neither
    # is anything that a user can or need act on.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pydub
        import pydub.silence
    return pydub, pydub.silence


def _peak(pcm: NDArray[np.int16]) -> int:
    return max(abs(int(pcm.max())), abs(int(pcm.min()))) if len(pcm) else 0


def mix_reel(
    parts: Iterable[Part],
    *,
    config: MixConfig,
    sample_rate_hz: int,
    frame_size: int,
    join_frames: int = 0,
    head_ms: int = 0,
    tail_ms: int = 0,
) -> MixedReel:
    """Join takes into a reel.

    Parameters
    ----------
    parts
        In the order in which they sound. Each is let go once it is in the reel: with an iterator
        that does so too, clips and reel are never in memory both whole.
    sample_rate_hz
        Of the reel; parts with another rate are resampled.
    frame_size
        Frames that the codec takes at once (`Encoder.frame_size`).
    join_frames
        Silence that the encoder adds after every reel (`Encoder.join_frames`). It is taken off the
        last pause, which is rounded to the nearest whole codec frame so that nothing else has to
        be.
    head_ms
        Silence before the first part.
    tail_ms
        The least silence after the last part, without what the encoder adds.
    """
    trimmed = deque(replace(part, samples=trim(part.samples)) for part in parts)
    cues: list[tuple[int, int]] = []
    at = end = _frames_in(head_ms, sample_rate_hz)
    for part in trimmed:
        given = part.samples
        end = at + resampled_frames(len(given.pcm), given.sample_rate_hz, sample_rate_hz)
        cues.append((at, end))
        at = end + _frames_in(part.pause_ms, sample_rate_hz)
    least = end + _frames_in(tail_ms, sample_rate_hz)
    frames = _whole_frames(at - join_frames, at_least=least, frame_size=frame_size)
    reel: Sound = np.zeros(frames, dtype=np.float32)
    for start, stop in cues:
        reel[start:stop] = _levelled(trimmed.popleft(), config, sample_rate_hz)
    limit(reel, config.ceiling_dbfs, sample_rate_hz)
    if config.room_tone_dbfs is not None:
        reel += _room_tone(frames, config.room_tone_dbfs)
    return MixedReel(sample_rate_hz=sample_rate_hz, pcm=_to_int16(reel), cues=tuple(cues))


def _frames_in(ms: int, sample_rate_hz: int) -> int:
    return (ms * sample_rate_hz + 500) // 1000


def _room_tone(frames: int, rms_dbfs: float) -> Sound:
    # The same noise in every reel: so a reel's bytes do not depend on where in the book it is.
    noise = np.random.default_rng(0).standard_normal(frames, dtype=np.float32)
    return noise * np.float32(to_amplitude(rms_dbfs))


def _whole_frames(wanted: int, *, at_least: int, frame_size: int) -> int:
    nearest = (wanted + frame_size // 2) // frame_size
    needed = -(-at_least // frame_size)
    return max(nearest, needed, 1) * frame_size


def _levelled(part: Part, config: MixConfig, sample_rate_hz: int) -> Sound:
    sound: Sound = part.samples.pcm.astype(np.float32)
    sound /= np.float32(_FULL_SCALE)
    sound = resample(sound, part.samples.sample_rate_hz, sample_rate_hz)
    sound *= np.float32(to_amplitude(part.gain_db))
    _fade(sound, config.fade_ms * sample_rate_hz // 1000)
    return sound


def _fade(sound: Sound, fade_frames: int) -> None:
    """Fade both ends, in place."""
    frames = min(fade_frames, len(sound) // 2)
    if frames == 0:
        return
    ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(frames, dtype=np.float32) + 0.5) / frames)
    sound[:frames] *= ramp
    sound[-frames:] *= ramp[::-1]


def _to_int16(sound: Sound) -> NDArray[np.int16]:
    pcm = np.empty(len(sound), dtype=np.int16)
    # In pieces: for a reel, fresh memory takes longer than the arithmetic.
    for start in range(0, len(sound), _SAMPLES_AT_ONCE):
        scaled = sound[start : start + _SAMPLES_AT_ONCE] * np.float32(_FULL_SCALE)
        np.rint(scaled, out=scaled)
        np.clip(scaled, -_FULL_SCALE, _FULL_SCALE, out=scaled)
        pcm[start : start + len(scaled)] = scaled
    return pcm


def limit(sound: Sound, ceiling_dbfs: float, sample_rate_hz: int) -> bool:
    """Turn down, in place, what would pass the ceiling, smoothly, looking ahead.

    The gain is found for blocks of a millisecond, held for twenty on either side and averaged over
    as many, so that it has reached its low when the peak comes and is never heard as a step.

    Returns
    -------
    bool
        Whether anything had to be turned down.
    """
    ceiling = to_amplitude(ceiling_dbfs)
    block = max(1, sample_rate_hz // _BLOCKS_PER_SECOND)
    peaks = _block_peaks(sound, block, ceiling)
    if not len(peaks) or float(peaks.max()) <= ceiling:
        return False
    reach = _LIMITER_REACH_BLOCKS
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, ceiling))
    # One block more than is averaged, because gains are interpolated between block centres.
    held = _sliding_min(needed, reach + 1)
    smooth = np.convolve(np.pad(held, reach, mode="edge"), np.full(2 * reach + 1, 1.0), "valid")
    smooth /= 2 * reach + 1
    # Only where it does something: in speech that is a small part.
    turned_down = np.flatnonzero(_sliding_min(smooth, 1) < 1.0)
    centres = (np.arange(len(smooth)) + 0.5) * block
    for some in _batches(turned_down, _BLOCKS_AT_ONCE):
        at = (some[:, np.newaxis] * block + np.arange(block)).ravel()
        at = at[at < len(sound)]
        sound[at] *= np.interp(at, centres, smooth).astype(np.float32)
    return True


def _batches(values: NDArray[np.intp], size: int) -> Iterator[NDArray[np.intp]]:
    """`values` in pieces: what is computed from one of them takes many times its memory."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def calibrate(samples: Samples, config: MixConfig) -> float:
    """The gain in dB that brings a voice to the target loudness as it sounds after the limiter.

    The limiter takes up to 0.7 LU from a voice with sharp peaks and nothing from a round one, so a
    gain found from the samples alone leaves voices that far apart.

    Parameters
    ----------
    samples
        Some seconds of the voice, trimmed.

    Returns
    -------
    float
        ``inf`` for sound in which BS.1770 finds nothing to measure. Where the ceiling makes the
        target unreachable, the gain that comes nearest within 6 dB of what the samples alone ask.
    """
    sound: Sound = samples.pcm.astype(np.float32) / np.float32(_FULL_SCALE)
    asked = gain_db = config.target_lufs - measure_lufs(samples.pcm, samples.sample_rate_hz)
    if not math.isfinite(asked):
        return math.inf
    for _ in range(_CALIBRATIONS):
        raised: Sound = sound * np.float32(to_amplitude(gain_db))
        if not limit(raised, config.ceiling_dbfs, samples.sample_rate_hz):
            break
        short = config.target_lufs - measure_lufs(_to_int16(raised), samples.sample_rate_hz)
        gain_db = min(gain_db + short, asked + _MOST_MAKE_UP_DB)
        if abs(short) < _CLOSE_ENOUGH_LU:
            break
    return gain_db


def _sliding_min(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """The least of each value and its neighbours, as many as `reach` on either side."""
    lowest = np.pad(values, reach, mode="edge")
    width, span = 2 * reach + 1, 1
    while span < width:
        # Two windows that overlap make a wider one.
        step = min(span, width - span)
        lowest = np.minimum(lowest[:-step], lowest[step:])
        span += step
    return lowest


def _block_peaks(sound: Sound, block: int, ceiling: float) -> NDArray[np.float64]:
    """The largest magnitude in each block, between samples too; 0 where it is far from the ceiling.

    Between two samples the signal can be up to 3 dB above both (a sine at a quarter of the
    sample rate). So only samples within 3 dB of the ceiling are looked at.
    """
    hot = _louder(sound, ceiling * math.sqrt(0.5))
    peaks = np.zeros(-(-len(sound) // block))
    for some in _batches(hot, _SAMPLES_AT_ONCE):
        highest = np.maximum(np.abs(sound[some]), _peaks_beside(sound, some))
        np.maximum.at(peaks, some // block, highest)
    return peaks


def _louder(sound: Sound, magnitude: float) -> NDArray[np.intp]:
    """Where it is louder than `magnitude`."""
    most = np.float32(magnitude)
    found = [np.zeros(0, dtype=np.intp)]
    for start in range(0, len(sound), _SAMPLES_AT_ONCE):
        piece = sound[start : start + _SAMPLES_AT_ONCE]
        found.append(start + np.flatnonzero((piece > most) | (piece < -most)))
    return np.concatenate(found)


def _peaks_beside(sound: Sound, at: NDArray[np.intp]) -> NDArray[np.float64]:
    """The largest magnitude within half a sample of each index, at four points to the sample.

    `at` is in order.

    Notes
    -----
    ITU-R BS.1770-4, annex 2, asks for four times oversampling.
    """
    half = _TAPS // 2
    offsets = np.array([-0.5, -0.25, 0.25, 0.5])
    taps = np.arange(-half, half + 1)
    distance = taps[:, np.newaxis] - offsets[np.newaxis, :]
    window = np.cos(np.pi * distance / (2 * half + 2)) ** 2
    kernel = (np.sinc(distance) * window).astype(np.float32)
    first, last = int(at[0]) - half, int(at[-1]) + half + 1
    near = sound[max(0, first) : last]
    if first < 0 or last > len(sound):
        near = np.pad(near, (max(0, -first), max(0, last - len(sound))))
    around = np.lib.stride_tricks.sliding_window_view(near, 2 * half + 1)[at - at[0]]
    beside: NDArray[np.float64] = np.abs(around @ kernel).max(axis=1).astype(np.float64)
    return beside
