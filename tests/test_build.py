"""The sound of a finished file, against its timeline."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from narrator.build import Built, Progress, build
from narrator.encode import Tags
from narrator.engines import load_engine
from narrator.errors import EngineError
from narrator.model import Span, Take, Timeline, Voice
from narrator.plan import BuildConfig
from narrator.store import Cache

VOICES = load_engine("tone").voices()
WORDS = "The quick brown fox jumps over the lazy dog and is gone"
PAUSES_MS = (300, 120, 700, 260, 450)


def takes_of(count: int, *, chapters: int = 3, voices: int = 5) -> list[Take]:
    """Takes of varying length, voice and pause, in chapters of equal size."""
    return [
        Take(
            chapter=index * chapters // count,
            segment=index,
            span=Span(0, 1),
            text=WORDS[: 12 + 7 * (index % 6)] + "." * (index % 3),
            speaker="x",
            voice=VOICES[index % voices],
            pause_ms=PAUSES_MS[index % len(PAUSES_MS)],
            mark=f"Part {index * chapters // count}" if index % (count // chapters) == 0 else None,
        )
        for index in range(count)
    ]


def make(takes: list[Take], tmp_path: Path, **config: object) -> Built:
    return build(
        takes,
        tmp_path / "book.m4b",
        tags=Tags(title="T"),
        cache=Cache(root=tmp_path / "cache"),
        config=replace(BuildConfig(), **config),  # type: ignore[arg-type]
    )


def decode(path: Path) -> tuple[NDArray[np.float32], int]:
    """All samples of a file, shape (frames,), and their rate."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        blocks = [frame.to_ndarray()[0] for frame in container.decode(stream)]
        rate = stream.rate
    return np.concatenate(blocks).astype(np.float32), rate


def hum_hz(sound: NDArray[np.float32], rate: int) -> float:
    """The strongest frequency in `sound`."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 17))
    return float(np.argmax(spectrum) * rate / (1 << 17))


def settings(voice: Voice) -> dict[str, str | int | float]:
    return dict(voice.settings)


def pauses(timeline: Timeline) -> Iterator[tuple[int, int]]:
    cues = timeline.cues
    for before, after in itertools.pairwise(cues):
        yield before.end, after.start


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Take], Built]:
    takes = takes_of(120)
    return takes, make(takes, tmp_path_factory.mktemp("book"))


def test_each_cue_sounds_in_its_own_voice_and_each_pause_is_silent(
    book: tuple[list[Take], Built],
) -> None:
    takes, built = book
    timeline = built.audiobook.timeline
    sound, rate = decode(built.audiobook.path)
    assert built.reels > 3
    assert rate == timeline.sample_rate_hz
    assert abs(len(sound) - timeline.frames) <= 1024
    for cue in timeline.cues:
        inside = sound[cue.start + 256 : cue.end - 256]
        assert np.sqrt(np.mean(inside**2)) > 0.02
        wanted = float(settings(takes[cue.take].voice)["frequency_hz"])
        assert hum_hz(inside, rate) == pytest.approx(wanted, rel=0.01)
    for start, end in pauses(timeline):
        # The codec smears sound over a frame or so: what is left in a pause is far below hearing.
        assert np.max(np.abs(sound[start + 1300 : end - 1300]), initial=0) < 0.002


def test_pauses_are_as_long_as_the_takes_ask(book: tuple[list[Take], Built]) -> None:
    takes, built = book
    timeline = built.audiobook.timeline
    for take, (start, end) in zip(takes, pauses(timeline), strict=False):
        asked = take.pause_ms * timeline.sample_rate_hz / 1000
        assert abs(end - start - asked) <= 1024  # at a reel's end, rounded to a codec frame


def test_chapter_marks_are_where_the_chapters_begin_to_sound(
    book: tuple[list[Take], Built],
) -> None:
    takes, built = book
    timeline = built.audiobook.timeline
    with av.open(str(built.audiobook.path)) as container:
        starts = [
            round(chapter["start"] * (chapter["time_base"] or 0) * timeline.sample_rate_hz)
            for chapter in container.chapters()
        ]
    first = [index for index, take in enumerate(takes) if take.mark]
    assert len(first) == 3
    wanted = [timeline.cues[index].start for index in first]
    assert all(abs(a - b) <= 1024 for a, b in zip(starts, wanted, strict=True))


def test_voices_are_levelled_whatever_the_engine_gives(tmp_path: Path) -> None:
    quiet, loud = VOICES[0], VOICES[1]
    quiet = replace(quiet, settings=tuple(sorted({**settings(quiet), "level": 0.02}.items())))
    loud = replace(loud, settings=tuple(sorted({**settings(loud), "level": 0.9}.items())))
    takes = [replace(take, voice=(quiet, loud)[i % 2]) for i, take in enumerate(takes_of(6))]
    built = make(takes, tmp_path)
    sound, _ = decode(built.audiobook.path)
    cues = built.audiobook.timeline.cues
    rms = [np.sqrt(np.mean(sound[cue.start + 256 : cue.end - 256] ** 2)) for cue in cues]
    # K-weighting hears the two frequencies differently by about a decibel.
    assert 20 * np.log10(max(rms) / min(rms)) < 2.0
    assert np.max(np.abs(sound)) < 0.8


def test_only_what_changed_is_made_anew(tmp_path: Path) -> None:
    takes = takes_of(120)
    first = make(takes, tmp_path)
    assert first.reels_made == first.reels > 3
    takes[50] = replace(takes[50], voice=VOICES[9])
    assert make(takes, tmp_path).reels_made == 1


def test_a_damaged_reel_is_made_anew_and_the_book_is_the_same(tmp_path: Path) -> None:
    takes = takes_of(60)
    data = make(takes, tmp_path).audiobook.path.read_bytes()
    reels = sorted((tmp_path / "cache" / "reel").rglob("*"))
    damaged = next(path for path in reels if path.is_file())
    damaged.write_bytes(damaged.read_bytes()[:-100])
    again = make(takes, tmp_path)
    assert again.reels_made == 1
    assert again.audiobook.path.read_bytes() == data


def misbehaving(fault: str, text: str) -> Voice:
    values = {**settings(VOICES[3]), "fault": fault, "fault_text": text}
    return replace(VOICES[3], name="Bad", settings=tuple(sorted(values.items())))


@pytest.mark.parametrize("fault", ["raise", "crash"])
def test_an_engine_that_fails_stops_the_build_and_leaves_no_file(
    tmp_path: Path, fault: str
) -> None:
    takes = takes_of(12)
    takes[7] = replace(takes[7], text="Here it breaks.", voice=misbehaving(fault, "breaks"))
    with pytest.raises(EngineError) as info:
        make(takes, tmp_path)
    if fault == "raise":
        assert "Here it breaks." in str(info.value)
    assert not (tmp_path / "book.m4b").exists()


@pytest.mark.parametrize("fault", ["silence", "empty"])
def test_a_text_that_no_voice_can_say_leaves_a_pause_and_is_reported(
    tmp_path: Path, fault: str
) -> None:
    takes = takes_of(12)
    takes[7] = replace(takes[7], text="Here it breaks.", voice=misbehaving(fault, "breaks"))
    built = make(takes, tmp_path)
    assert [take.text for take in built.mute] == ["Here it breaks."]
    cue = built.audiobook.timeline.cues[7]
    assert cue.end - cue.start > 0


def test_progress_counts_every_character_once(tmp_path: Path) -> None:
    takes = takes_of(30)
    seen: list[Progress] = []
    for _ in range(2):
        seen.clear()
        build(
            takes,
            tmp_path / "book.m4b",
            tags=Tags(title="T"),
            cache=Cache(root=tmp_path / "cache"),
            config=BuildConfig(jobs=1),
            progress=seen.append,
        )
        assert sum(step.characters for step in seen) == sum(len(take.text) for take in takes)
