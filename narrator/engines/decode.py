"""What other programs and servers give as sound: files of any kind, whole or cut off -> samples."""

from __future__ import annotations

import io
import struct

import av
import numpy as np
from av.audio.resampler import AudioResampler

from narrator.engines.base import Samples
from narrator.errors import EngineError

_STREAMED_SIZE = 0x7FFF_0000
"""A server that does not know the size when it begins writes the largest one, or nearly that."""


def decode_audio(data: bytes, what: str) -> Samples:
    """Decode a WAV, FLAC, MP3, Opus or AAC file.

    Parameters
    ----------
    data
        The whole file.
    what
        Where it comes from, for messages: ``"the server"``.

    Returns
    -------
    Samples
        Its first audio stream, mixed down to mono, at its own sample rate.

    Raises
    ------
    EngineError
        It is no sound, or there is less of it than its header says.
    """
    if not data:
        raise EngineError(f"{what} gave no sound at all")
    _refuse_cut_wav(data, what)
    try:
        return _decoded(data)
    except (av.FFmpegError, ValueError, IndexError) as exc:
        raise EngineError(f"{what} gave no sound that can be decoded ({_looks(data)})") from exc


def pcm_samples(data: bytes, sample_rate_hz: int, what: str) -> Samples:
    """Bare samples: mono, 16 bits, little endian.

    Raises
    ------
    EngineError
        It ends within a sample, or is a file with a header.
    """
    if data[:4] in (b"RIFF", b"OggS", b"fLaC") or data[:3] == b"ID3":
        raise EngineError(f"{what} gave a file with a header ({_looks(data)}), not bare samples")
    if len(data) % 2:
        raise EngineError(f"{what} gave {len(data)} bytes, which is no whole number of samples")
    return Samples(sample_rate_hz=sample_rate_hz, pcm=np.frombuffer(data, "<i2").astype(np.int16))


def _decoded(data: bytes) -> Samples:
    with av.open(io.BytesIO(data), "r") as container:
        stream = container.streams.audio[0]
        sample_rate_hz = stream.codec_context.sample_rate
        resampler = AudioResampler(format="s16", layout="mono", rate=sample_rate_hz)
        frames = [out for frame in container.decode(stream) for out in resampler.resample(frame)]
        frames += resampler.resample(None)
    parts = [frame.to_ndarray().reshape(-1) for frame in frames]
    pcm = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int16)
    return Samples(sample_rate_hz=sample_rate_hz, pcm=pcm.astype(np.int16, copy=False))


def _refuse_cut_wav(data: bytes, what: str) -> None:
    """A WAV says how long it is; the formats with a checksum in each frame are the decoder's."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return
    at = 12
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        if kind == b"data":
            there = len(data) - at - 8
            if there < size < _STREAMED_SIZE:
                raise EngineError(f"{what} gave {there} of {size} bytes: the sound is cut off")
            return
        at += 8 + size + size % 2
    raise EngineError(f"{what} gave a WAV file without sound: it is cut off")


def _looks(data: bytes) -> str:
    head = data[:60].decode("utf-8", "replace")
    shown = "".join(c if c.isprintable() else "." for c in head)
    return f"{len(data)} bytes, beginning “{shown}”"
