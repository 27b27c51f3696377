"""WAV: the samples themselves, also past four gigabytes."""

from __future__ import annotations

import struct
import sys
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from narrator.encode import EncodeConfig, Tags
from narrator.encode.wav import WavEncoder, wav_head
from narrator.model import Mark, Timeline
from tests.encode.sound import encoded, find_burst, reel_pcm, timeline_of

RATE = 22_050
ENCODER = WavEncoder()


def test_other_programs_read_the_samples(tmp_path: Path) -> None:
    pcm = reel_pcm(9001, (700,), RATE)
    reels = [encoded(ENCODER, pcm, RATE)] * 3
    path = tmp_path / "b.wav"
    marks = (Mark(title="A", start=0), Mark(title="Bé", start=9001))
    timeline = timeline_of(ENCODER, reels, marks)
    ENCODER.join(iter(reels), path, timeline=timeline, tags=Tags(title="T"), config=EncodeConfig())
    with wave.open(str(path)) as file:
        assert file.getparams()[:4] == (1, 2, RATE, 27_003)
        heard = np.frombuffer(file.readframes(99_999), dtype="<i2")
    assert np.array_equal(heard, np.concatenate([pcm] * 3))
    data = path.read_bytes()
    assert struct.unpack_from("<4sI", data) == (b"RIFF", len(data) - 8)
    cues = data.index(b"cue ") + 8
    assert struct.unpack_from("<III", data, cues) == (2, 0, 0)
    assert struct.unpack_from("<II4sIII", data, cues + 28) == (1, 9001, b"data", 0, 0, 9001)
    assert "Bé".encode() + b"\0" in data[cues:]


@pytest.mark.skipif(sys.platform == "win32", reason="files with holes are not the default there")
def test_sound_past_four_gigabytes(tmp_path: Path) -> None:
    frames = (5 << 30) // 2
    timeline = Timeline(
        sample_rate_hz=RATE,
        frames=frames,
        cues=(),
        marks=(Mark(title="A", start=0), Mark(title="B", start=frames - RATE)),
    )
    path = tmp_path / "large.wav"
    at = frames - RATE // 2
    with path.open("wb") as file:
        head = wav_head(Tags(title="T"), timeline)
        file.write(head)
        file.seek(at * 2, 1)
        file.write(reel_pcm(RATE // 2, (500,), RATE).astype("<i2").tobytes())
    assert head[:4] == b"RF64"
    assert path.stat().st_size == len(head) + 2 * frames
    assert struct.unpack_from("<QQQ", head, 20) == (path.stat().st_size - 8, frames * 2, frames)
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert stream.duration == frames
        container.seek(frames - RATE, stream=stream)
        heard = list(container.decode(stream))
        assert [chapter["start"] for chapter in container.chapters()][1] == frames - RATE
    samples = np.concatenate([frame.to_ndarray()[0] for frame in heard]).astype(np.float32)
    samples /= np.float32(32767)
    first = heard[0].pts or 0
    assert first + len(samples) == frames
    assert first + find_burst(samples, at + 500 - first, RATE) == at + 500


def test_marks_past_what_a_cue_point_holds_are_in_the_tag() -> None:
    far = Mark(title="Far", start=2**32 + 5)
    timeline = Timeline(
        sample_rate_hz=48_000,
        frames=2**33,
        cues=(),
        marks=(Mark(title="Near", start=7), far),
    )
    head = wav_head(Tags(title="T"), timeline)
    assert struct.unpack_from("<I", head, head.index(b"cue ") + 8) == (1,)
    assert "Far".encode("utf-16-le") in head
