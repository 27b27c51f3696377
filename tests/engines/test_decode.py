"""Sound from elsewhere: what is whole is decoded, what is not is refused."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import av
import numpy as np
import pytest
from av import AudioStream
from av.audio.resampler import AudioResampler
from av.container import OutputContainer

from narrator.engines.base import Samples, wav_bytes
from narrator.engines.decode import decode_audio, decode_stream, pcm_samples
from narrator.errors import EngineError

RATE = 24_000


def hum(seconds: float = 1.0) -> Samples:
    at = np.arange(int(seconds * RATE))
    pcm = (9000 * np.sin(2 * np.pi * 440 / RATE * at)).astype(np.int16)
    return Samples(sample_rate_hz=RATE, pcm=pcm)


def audio_stream(out: OutputContainer, codec: str, rate: int, layout: str) -> AudioStream:
    stream = out.add_stream(codec, rate=rate, layout=layout)
    assert isinstance(stream, AudioStream)
    return stream


def encoded(container: str, codec: str, rate: int = RATE) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as out:
        stream = audio_stream(out, codec, rate, "mono")
        frame = av.AudioFrame.from_ndarray(hum().pcm[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        context = stream.codec_context
        resampler = AudioResampler(
            format=context.format.name,
            layout="mono",
            rate=rate,
            frame_size=context.frame_size or 1024,
        )
        for piece in (*resampler.resample(frame), *resampler.resample(None), None):
            out.mux(stream.encode(piece))
    return buffer.getvalue()


def pitch_hz(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples.pcm.astype(float)))
    return float(np.argmax(spectrum)) * samples.sample_rate_hz / len(samples.pcm)


def test_wav_comes_back_as_it_was() -> None:
    back = decode_audio(wav_bytes(hum()), "the server")
    assert back.sample_rate_hz == RATE
    np.testing.assert_array_equal(back.pcm, hum().pcm)


def test_a_plain_wav_gives_what_the_decoder_would() -> None:
    whole = wav_bytes(hum(0.3))
    note = b"LIST" + struct.pack("<I", 4) + b"INFO"
    between = whole[:36] + note + whole[36:] + note  # a note before the samples, and one after
    back = decode_audio(between, "the program")
    with av.open(io.BytesIO(between), "r") as container:
        decoded = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    np.testing.assert_array_equal(back.pcm, np.concatenate(decoded))
    back.pcm[0] = 1  # memory of its own, as what a decoder gives


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [("flac", "flac", RATE), ("mp3", "libmp3lame", RATE), ("ogg", "libopus", 48_000)],
)
def test_other_formats(container: str, codec: str, rate: int) -> None:
    back = decode_audio(encoded(container, codec, rate), "the server")
    assert back.sample_rate_hz == rate
    assert pitch_hz(back) == pytest.approx(440, abs=3)
    assert len(back.pcm) / rate == pytest.approx(1, abs=0.1)


def test_stereo_is_mixed_down() -> None:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="wav") as out:
        stream = audio_stream(out, "pcm_s16le", RATE, "stereo")
        both = np.repeat(hum().pcm, 2)[None]
        frame = av.AudioFrame.from_ndarray(both, format="s16", layout="stereo")
        frame.sample_rate = RATE
        out.mux([*stream.encode(frame), *stream.encode(None)])
    back = decode_audio(buffer.getvalue(), "the server")
    assert len(back.pcm) == RATE
    assert np.max(np.abs(back.pcm.astype(int) - hum().pcm)) <= 1


@pytest.mark.parametrize("size", [0xFFFF_FFFF, 0x7FFF_FFFF, 0x7FFF_F000])
def test_a_streamed_wav_does_not_know_its_size(size: int) -> None:
    data = bytearray(wav_bytes(hum()))
    struct.pack_into("<I", data, 4, 0xFFFF_FFFF)
    struct.pack_into("<I", data, 40, size)
    np.testing.assert_array_equal(decode_audio(bytes(data), "it").pcm, hum().pcm)


@pytest.mark.parametrize("kept", [12, 30, 44, 1000, 40_000])
def test_a_wav_that_is_cut_off_is_refused(kept: int) -> None:
    with pytest.raises(EngineError, match="cut off"):
        decode_audio(wav_bytes(hum())[:kept], "the server")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the server gave no sound at all"),
        (b"<html>Not found</html>", r"no sound that can be decoded \(22 bytes, beginning “<html>"),
        (bytes(range(256)) * 9, "no sound that can be decoded"),
        (b"\0" * 5000, "no sound that can be decoded"),
    ],
)
def test_what_is_no_sound_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        decode_audio(data, "the server")


def test_bare_samples() -> None:
    back = pcm_samples(hum().pcm.astype("<i2").tobytes(), RATE, "it")
    np.testing.assert_array_equal(back.pcm, hum().pcm)
    with pytest.raises(EngineError, match="no whole number of samples"):
        pcm_samples(b"\0\0\0", RATE, "it")
    with pytest.raises(EngineError, match="a file with a header"):
        pcm_samples(wav_bytes(hum()), RATE, "it")


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 7, 44, 1000, 10**6])
def test_a_wav_comes_in_pieces(size: int) -> None:
    sound = hum(0.1)
    parts = list(decode_stream(pieces(wav_bytes(sound), size), "it"))
    assert {part.sample_rate_hz for part in parts} == {RATE}
    assert all(len(part.pcm) for part in parts)
    np.testing.assert_array_equal(np.concatenate([part.pcm for part in parts]), sound.pcm)


def test_the_first_piece_is_given_before_the_last_has_come() -> None:
    def dripping() -> Iterator[bytes]:
        yield from pieces(wav_bytes(hum()), 4096)
        pytest.fail("all of it was asked for")

    assert len(next(decode_stream(dripping(), "it")).pcm) == (4096 - 44) // 2


def test_another_format_is_decoded_when_it_is_there() -> None:
    [back] = decode_stream(pieces(encoded("mp3", "libmp3lame"), 500), "it")
    assert pitch_hz(back) == pytest.approx(440, abs=3)


@pytest.mark.parametrize("kept", [0, 3, 11, 30, 44, 4001])
def test_a_stream_that_is_cut_off_is_refused(kept: int) -> None:
    with pytest.raises(EngineError, match=r"cut off|no sound at all|no sound that can be decoded"):
        list(decode_stream(pieces(wav_bytes(hum())[:kept], 500), "it"))


def test_what_follows_the_samples_is_no_sound() -> None:
    data = wav_bytes(hum(0.1)) + b"LIST\x04\0\0\0abcd"
    parts = list(decode_stream(pieces(data, 333), "it"))
    np.testing.assert_array_equal(np.concatenate([part.pcm for part in parts]), hum(0.1).pcm)
