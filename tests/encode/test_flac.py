"""FLAC: not a sample is changed, and every checksum is right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import mutagen.flac
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from narrator.encode import EncodeConfig, EncodedReel, Tags
from narrator.encode.flac import FlacEncoder, _coded
from narrator.model import Mark
from tests.encode.sound import encoded, timeline_of

RATE = 22_050
FRAME = 2304
ENCODER = FlacEncoder()


def noise(seed: int, frames: int) -> NDArray[np.int16]:
    loud = np.random.default_rng(seed).normal(0, 10.0 ** (seed % 5), frames * FRAME)
    return np.clip(loud, -32768, 32767).astype(np.int16)


def book(path: Path, reels: list[EncodedReel], marks: tuple[Mark, ...] = ()) -> Path:
    timeline = timeline_of(ENCODER, reels, marks)
    ENCODER.join(iter(reels), path, timeline=timeline, tags=Tags(title="T"), config=EncodeConfig())
    return path


def crc16(data: bytes) -> int:
    """Bit by bit, unlike the module."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x8005 if crc & 0x8000 else 0)) & 0xFFFF
    return crc


def frames_of(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def test_every_sample_comes_back_and_every_frame_checks(tmp_path: Path) -> None:
    sound = [noise(seed, 1 + seed % 4) for seed in range(80)]
    path = book(tmp_path / "b.flac", [encoded(ENCODER, pcm, RATE) for pcm in sound])
    with av.open(str(path), options={"err_detect": "crccheck+explode"}) as container:
        heard = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert np.array_equal(heard, np.concatenate(sound))
    frames = frames_of(path)
    assert len(frames) == len(heard) // FRAME > 128
    # Over a frame with its own checksum at the end, this checksum is nought.
    assert [crc16(frame) for frame in frames] == [0] * len(frames)
    numbers = [frame[4 : 4 + len(_coded(index))] for index, frame in enumerate(frames)]
    assert numbers == [_coded(index) for index in range(len(frames))]


@given(st.integers(0, 0xD7FF) | st.integers(0xE000, 0x10FFFF))
def test_frame_numbers_are_coded_as_utf_8(number: int) -> None:
    assert _coded(number) == chr(number).encode()


def test_the_largest_frame_number() -> None:
    assert _coded(0xD800) == b"\xed\xa0\x80"
    assert _coded(0x110000) == b"\xf4\x90\x80\x80"
    assert _coded(2**21) == b"\xf8\x88\x80\x80\x80"
    assert _coded(2**31 - 1) == b"\xfd" + b"\xbf" * 5
    assert _coded(2**36 - 1) == b"\xfe" + b"\xbf" * 6


def test_the_index_as_mutagen_reads_it(tmp_path: Path) -> None:
    marks = (Mark(title="One", start=0), Mark(title="Two", start=300_123))
    reel = encoded(ENCODER, noise(3, 500), RATE)
    path = book(tmp_path / "b.flac", [reel] * 3, marks)
    file: Any = mutagen.flac.FLAC(path)  # type: ignore[no-untyped-call]
    assert file.info.total_samples == 1500 * FRAME
    assert (file.info.min_blocksize, file.info.max_blocksize) == (FRAME, FRAME)
    frames = frames_of(path)
    sizes = [len(frame) for frame in frames]
    assert (file.info.min_framesize, file.info.max_framesize) == (min(sizes), max(sizes))
    tracks = [(track.track_number, track.start_offset) for track in file.cuesheet.tracks]
    assert tracks == [(1, 0), (2, 300_123), (255, 1500 * FRAME)]
    points = [(p.first_sample, p.byte_offset) for p in file.seektable.seekpoints]
    every = 10 * RATE // FRAME
    assert points == [
        (index * FRAME, sum(map(len, frames[:index]))) for index in range(0, 1500, every)
    ]


def test_more_chapters_than_a_cue_sheet_holds(tmp_path: Path) -> None:
    marks = tuple(Mark(title=f"{n}", start=n * 100) for n in range(300))
    path = book(tmp_path / "b.flac", [encoded(ENCODER, noise(1, 40), RATE)], marks)
    assert mutagen.flac.FLAC(path).cuesheet is None  # type: ignore[no-untyped-call]
