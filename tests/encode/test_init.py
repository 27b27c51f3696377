"""The registry of encoders, and what every encoder promises."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import av
import numpy as np
import pytest

from narrator.encode import (
    EncodeConfig,
    EncodedReel,
    Encoder,
    Tags,
    encoder_names,
    load_encoder,
)
from narrator.errors import EncodeError
from narrator.model import Mark
from tests.encode.sound import decode, encoded, find_burst, reel_pcm, timeline_of

RATE = 22_050


@pytest.fixture(params=encoder_names())
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return load_encoder(request.param)


def reels_of(encoder: Encoder, count: int) -> tuple[list[EncodedReel], list[int]]:
    """Reels with one burst each, and where in the book the bursts are."""
    reels: list[EncodedReel] = []
    bursts: list[int] = []
    at = 0
    for number in range(count):
        frames = encoder.frame_size * (8 + number % 5)
        inside = (1103 * number) % (frames - 1300)
        reel = encoded(encoder, reel_pcm(frames, (inside,), RATE), RATE)
        bursts.append(at + reel.lead + inside)
        reels.append(reel)
        at += reel.frames
    return reels, bursts


def test_it_says_who_it_is(encoder: Encoder) -> None:
    assert encoder.name in encoder_names()
    assert encoder.suffix.startswith(".")
    assert encoder.version
    assert encoder.frame_size > 0
    assert encoder.join_frames >= 0


def test_a_reel_takes_its_samples_and_the_join(encoder: Encoder) -> None:
    pcm = np.zeros(encoder.frame_size * 7, dtype=np.int16)
    reel = encoded(encoder, pcm, RATE)
    assert reel.frames == len(pcm) + encoder.join_frames
    assert reel.sample_rate_hz == RATE


def test_the_same_samples_give_the_same_bytes(encoder: Encoder) -> None:
    pcm = reel_pcm(encoder.frame_size * 9, (700,), RATE)
    assert encoded(encoder, pcm, RATE) == encoded(encoder, pcm, RATE)


def test_samples_that_are_not_whole_frames_are_a_mistake(encoder: Encoder) -> None:
    with pytest.raises(ValueError, match="whole number"):
        encoded(encoder, np.zeros(encoder.frame_size + 1, dtype=np.int16), RATE)


def test_every_burst_is_where_the_timeline_says(encoder: Encoder, tmp_path: Path) -> None:
    reels, bursts = reels_of(encoder, 40)
    target = tmp_path / f"book{encoder.suffix}"
    timeline = timeline_of(encoder, reels)
    encoder.join(
        iter(reels), target, timeline=timeline, tags=Tags(title="T"), config=EncodeConfig()
    )
    first, samples = decode(target)
    assert first == 0
    assert len(samples) == timeline.frames
    found = [find_burst(samples, near, RATE) for near in bursts]
    assert found == pytest.approx(bursts, abs=2)


def test_joins_are_silent(encoder: Encoder, tmp_path: Path) -> None:
    reels, bursts = reels_of(encoder, 12)
    target = tmp_path / f"book{encoder.suffix}"
    encoder.join(
        iter(reels),
        target,
        timeline=timeline_of(encoder, reels),
        tags=Tags(title="T"),
        config=EncodeConfig(),
    )
    _, samples = decode(target)
    heard = np.zeros(len(samples), dtype=bool)
    for at in bursts:
        # What a transform codec spreads around a sound stays within two of its frames.
        heard[max(0, at - 2 * encoder.frame_size) : at + 1200 + 2 * encoder.frame_size] = True
    assert not heard.all()
    assert np.abs(samples[~heard]).max() < 10 ** (-80 / 20)


def test_chapters_are_read_back(encoder: Encoder, tmp_path: Path) -> None:
    reels, bursts = reels_of(encoder, 6)
    marks = tuple(Mark(title=f"Chapter {n} – “é”", start=at) for n, at in enumerate(bursts))
    marks = (Mark(title="Opening", start=0), *marks[1:])
    target = tmp_path / f"book{encoder.suffix}"
    timeline = timeline_of(encoder, reels, marks)
    encoder.join(
        iter(reels), target, timeline=timeline, tags=Tags(title="T"), config=EncodeConfig()
    )
    with av.open(str(target)) as container:
        found = container.chapters()
    assert [chapter["metadata"]["title"] for chapter in found] == [mark.title for mark in marks]
    for chapter, mark in zip(found, marks, strict=True):
        assert chapter["time_base"] is not None
        assert float(chapter["start"] * chapter["time_base"]) * RATE == pytest.approx(
            mark.start, abs=RATE / 1000
        )


def test_files_are_reproducible(encoder: Encoder, tmp_path: Path) -> None:
    reels, _ = reels_of(encoder, 3)
    for name in ("one", "two"):
        encoder.join(
            iter(reels),
            tmp_path / name,
            timeline=timeline_of(encoder, reels, (Mark(title="A", start=0),)),
            tags=Tags(title="T", author="A", narrator="N", year="1999"),
            config=EncodeConfig(),
        )
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_reels_of_two_rates_are_refused(encoder: Encoder, tmp_path: Path) -> None:
    pcm = np.zeros(encoder.frame_size * 3, dtype=np.int16)
    reels = [encoded(encoder, pcm, RATE), encoded(encoder, pcm, 24_000)]
    with pytest.raises(EncodeError, match="24000 Hz"):
        encoder.join(
            iter(reels),
            tmp_path / "book",
            timeline=timeline_of(encoder, reels),
            tags=Tags(title="T"),
            config=EncodeConfig(),
        )


@pytest.mark.parametrize("given", [1, 3, 0])
def test_reels_that_do_not_fill_the_timeline_are_refused(
    encoder: Encoder, tmp_path: Path, given: int
) -> None:
    reel = encoded(encoder, np.zeros(encoder.frame_size * 3, dtype=np.int16), RATE)
    with pytest.raises(EncodeError, match="timeline"):
        encoder.join(
            iter([reel] * given),
            tmp_path / "book",
            timeline=timeline_of(encoder, [reel, reel]),
            tags=Tags(title="T"),
            config=EncodeConfig(),
        )


@pytest.mark.parametrize("starts", [(0, 5000, 4000), (0, 10**9), (-1,)])
def test_marks_out_of_place_are_refused(
    encoder: Encoder, tmp_path: Path, starts: tuple[int, ...]
) -> None:
    reel = encoded(encoder, np.zeros(encoder.frame_size * 9, dtype=np.int16), RATE)
    marks = tuple(Mark(title="A", start=start) for start in starts)
    with pytest.raises(EncodeError, match="chapter mark 'A'"):
        encoder.join(
            iter([reel]),
            tmp_path / "book",
            timeline=timeline_of(encoder, [reel], marks),
            tags=Tags(title="T"),
            config=EncodeConfig(),
        )


def test_an_impossible_sample_rate_is_refused(encoder: Encoder) -> None:
    with pytest.raises(EncodeError, match="12345 Hz"):
        encoded(encoder, np.zeros(encoder.frame_size, dtype=np.int16), 12_345)


def test_an_unknown_encoder_is_refused_with_the_nearest() -> None:
    with pytest.raises(EncodeError, match="did you mean 'm4b'"):
        load_encoder("m4a")


def test_encoders_can_be_added(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("mine", "narrator.encode.m4b:M4bEncoder", "narrator.encoders")
    broken = EntryPoint("broken", "narrator.encode.nothing:Here", "narrator.encoders")

    def points(*, group: str, name: str | None = None) -> tuple[EntryPoint, ...]:
        return tuple(p for p in (point, broken) if p.group == group and name in (None, p.name))

    monkeypatch.setattr("narrator.encode.entry_points", points)
    assert "mine" in encoder_names()
    assert load_encoder("mine").suffix == ".m4b"
    with pytest.raises(EncodeError, match="'broken' cannot be loaded"):
        load_encoder("broken")
