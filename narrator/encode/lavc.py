"""Samples through one of ffmpeg's audio encoders, by way of PyAV."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from narrator.errors import EncodeError

VERSION = "lavc" + ".".join(map(str, av.library_versions["libavcodec"]))

_PACKETS_AT_ONCE = 64
"""What PyAV is given in one go; it cuts that up itself. One packet at a time takes a sixth longer
and gives the same bytes."""


def encode(
    pcm: NDArray[np.int16],
    *,
    codec: str,
    sample_format: str,
    sample_rate_hz: int,
    packet_frames: int,
    bitrate_kbps: int | None,
    options: Mapping[str, str],
) -> tuple[list[bytes], bytes]:
    """Encode mono sound to its last sample.

    Parameters
    ----------
    pcm
        Shape (frames,), a whole number of `packet_frames`.
    codec, sample_format
        In ffmpeg's names; ``fltp``, ``s16`` or ``s16p``.
    packet_frames
        What the codec takes at once.

    Returns
    -------
    packets
        In order; none is empty.
    extradata
        What a decoder has to know first.

    Raises
    ------
    EncodeError
        The codec does not take this sample rate or bit rate, or fails.
    """
    context = _open(codec, sample_format, sample_rate_hz, bitrate_kbps, options)
    packets: list[bytes] = []
    try:
        step = packet_frames * _PACKETS_AT_ONCE
        for start in range(0, len(pcm), step):
            sound: NDArray[np.int16] | NDArray[np.float32] = pcm[start : start + step]
            if sample_format == "fltp":
                sound = sound.astype(np.float32) / np.float32(32768.0)
            frame = av.AudioFrame.from_ndarray(
                sound[np.newaxis], format=sample_format, layout="mono"
            )
            frame.sample_rate = sample_rate_hz
            frame.pts = start
            frame.time_base = Fraction(1, sample_rate_hz)
            packets += map(bytes, context.encode(frame))
        packets += map(bytes, context.encode(None))
    except av.error.FFmpegError as exc:
        raise EncodeError(f"encoding {codec} failed: {exc.strerror}") from exc
    return [packet for packet in packets if packet], bytes(context.extradata or b"")


def _open(
    codec: str,
    sample_format: str,
    sample_rate_hz: int,
    bitrate_kbps: int | None,
    options: Mapping[str, str],
) -> av.AudioCodecContext:
    try:
        context = av.CodecContext.create(codec, "w")
    except ValueError as exc:
        raise EncodeError(f"this build of PyAV has no encoder {codec}") from exc
    assert isinstance(context, av.AudioCodecContext)
    context.sample_rate = sample_rate_hz
    context.time_base = Fraction(1, sample_rate_hz)
    context.layout = "mono"
    context.format = sample_format
    if bitrate_kbps is not None:
        context.bit_rate = bitrate_kbps * 1000
    # Or else some encoders write their own version into the first packet of every reel.
    context.options = {"flags": "+bitexact+global_header", **options}
    try:
        context.open()
    except av.error.FFmpegError as exc:
        rate = "" if bitrate_kbps is None else f" and {bitrate_kbps} kbit/s"
        raise EncodeError(f"{codec} cannot be encoded at {sample_rate_hz} Hz{rate}") from exc
    return context
