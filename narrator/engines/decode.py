"""What other programs and servers give as sound: files of any kind, whole or cut off -> samples."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

import av
import numpy as np
from av.audio.resampler import AudioResampler

from narrator.engines.base import Samples
from narrator.errors import EngineError

_STREAMED_SIZE = 0x7FFF_0000
"""A server that does not know the size when it begins writes the largest one, or nearly that."""


class BrokenSoundError(EngineError):
    """What came is no sound, or not all of it."""


def decode_audio(data: bytes, what: str, *, most_s: float = math.inf) -> Samples:
    """Decode a WAV, FLAC, MP3, Opus or AAC file.

    Parameters
    ----------
    data
        The whole file.
    what
        Where it comes from, for messages: ``"the server"``.
    most_s
        Decode so many seconds, or a little more; what comes after is not looked at.

    Returns
    -------
    Samples
        Its first audio stream, mixed down to mono, at its own sample rate.

    Raises
    ------
    BrokenSoundError
        It is no sound, or there is less of it than its header says.
    """
    if not data:
        raise BrokenSoundError(f"{what} gave no sound at all")
    _refuse_cut_wav(data, what)
    if (plain := _plain_wav(data)) is not None:
        return plain
    try:
        return _decoded(data, most_s)
    except (av.FFmpegError, ValueError, IndexError) as exc:
        raise BrokenSoundError(
            f"{what} gave no sound that can be decoded ({_looks(data)})"
        ) from exc


def pcm_samples(data: bytes, sample_rate_hz: int, what: str) -> Samples:
    """Bare samples: mono, 16 bits, little endian.

    Raises
    ------
    BrokenSoundError
        It ends within a sample, or is a file with a header.
    """
    if data[:4] in (b"RIFF", b"OggS", b"fLaC") or data[:3] == b"ID3":
        raise BrokenSoundError(
            f"{what} gave a file with a header ({_looks(data)}), not bare samples"
        )
    if len(data) % 2:
        raise BrokenSoundError(
            f"{what} gave {len(data)} bytes, which is no whole number of samples"
        )
    return Samples(sample_rate_hz=sample_rate_hz, pcm=np.frombuffer(data, "<i2").astype(np.int16))


def _plain_wav(data: bytes) -> Samples | None:
    """A WAV file of one channel and 16 bits, which is its samples; None for any other file.

    What most programs write. A decoder would give the same, after it has looked for what is in it
    for longer than a small engine takes to speak.
    """
    start = _wav_start(data)
    if start is None or start.channels != 1 or not start.size or not start.sample_rate_hz:
        return None
    whole = data[start.at : start.at + start.size]
    pcm = np.frombuffer(whole, "<i2", len(whole) // 2).astype(np.int16)
    return Samples(sample_rate_hz=start.sample_rate_hz, pcm=pcm)


def _decoded(data: bytes, most_s: float) -> Samples:
    with av.open(io.BytesIO(data), "r") as container:
        stream = container.streams.audio[0]
        sample_rate_hz = stream.codec_context.sample_rate
        resampler = AudioResampler(format="s16", layout="mono", rate=sample_rate_hz)
        frames: list[av.AudioFrame] = []
        count = 0
        for frame in container.decode(stream):
            frames += resampler.resample(frame)
            count += frame.samples
            if count > most_s * sample_rate_hz:
                break
        frames += resampler.resample(None)
    parts = [frame.to_ndarray().reshape(-1) for frame in frames]
    pcm = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int16)
    return Samples(sample_rate_hz=sample_rate_hz, pcm=pcm.astype(np.int16, copy=False))


def decode_stream(blocks: Iterable[bytes], what: str) -> Iterator[Samples]:
    """Decode a file as it comes: WAV of 16 bits at once, anything else when it is complete.

    Parameters
    ----------
    blocks
        The file, in pieces of any size.
    what
        As for `decode_audio`.

    Yields
    ------
    Samples
        One after the other, none of them empty.

    Raises
    ------
    BrokenSoundError
        As `decode_audio`; what was given before belongs to a sound that is broken.
    """
    rest = iter(blocks)
    head = b""
    while (start := _wav_start(head)) is None:
        piece = next(rest, None)
        if piece is None:
            break
        head += piece
    if start is None or start.channels == 0:
        samples = decode_audio(head + b"".join(rest), what)
        if len(samples.pcm):
            yield samples
        return
    yield from _wav_blocks(start, chain((head[start.at :],), rest), what)


@dataclass(frozen=True, slots=True, kw_only=True)
class _WavStart:
    """Where the samples of a WAV file begin."""

    at: int
    size: int
    """In bytes, as the header has it."""
    channels: int
    """0 where the file is no WAV of 16 bits."""
    sample_rate_hz: int


def _wav_start(data: bytes) -> _WavStart | None:
    """Read the head of a file; None where more of it is needed."""
    other = _WavStart(at=0, size=0, channels=0, sample_rate_hz=0)
    if not b"RIFF".startswith(data[:4]):
        return other
    if len(data) < 12:
        return None
    if data[8:12] != b"WAVE":
        return other
    at, found = 12, other
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        if kind == b"data":
            return replace(found, at=at + 8, size=size)
        if kind == b"fmt " and at + 24 <= len(data):
            coding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", data, at + 8)
            if coding == 1 and bits == 16:
                found = _WavStart(at=0, size=0, channels=channels, sample_rate_hz=rate)
        at += 8 + size + size % 2
    return None


def _wav_blocks(start: _WavStart, blocks: Iterable[bytes], what: str) -> Iterator[Samples]:
    width = 2 * start.channels
    left, kept, given = start.size, b"", 0
    for block in blocks:
        kept += block[: left - len(kept)]
        whole = len(kept) // width * width
        if whole:
            frames = np.frombuffer(kept[:whole], "<i2").reshape(-1, start.channels)
            pcm = frames[:, 0] if start.channels == 1 else frames.mean(axis=1)
            yield Samples(sample_rate_hz=start.sample_rate_hz, pcm=pcm.astype(np.int16))
            left, kept, given = left - whole, kept[whole:], given + whole
    if left and start.size < _STREAMED_SIZE:
        raise BrokenSoundError(f"{what} gave {given} of {start.size} bytes: the sound is cut off")


def _refuse_cut_wav(data: bytes, what: str) -> None:
    """A WAV says how long it is; the formats with a checksum in each frame are the decoder's."""
    if data[:4] != b"RIFF":
        return
    start = _wav_start(data)
    if start is None:
        raise BrokenSoundError(f"{what} gave a WAV file without sound: it is cut off")
    there = len(data) - start.at
    if there < start.size < _STREAMED_SIZE:
        raise BrokenSoundError(f"{what} gave {there} of {start.size} bytes: the sound is cut off")


def _looks(data: bytes) -> str:
    head = data[:60].decode("utf-8", "replace")
    shown = "".join(c if c.isprintable() else "." for c in head)
    return f"{len(data)} bytes, beginning “{shown}”"
