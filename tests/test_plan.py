from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from narrator.build import Built, build
from narrator.encode import Tags
from narrator.errors import EncodeError
from narrator.model import Take
from narrator.plan import BuildConfig, Plan, keep_pace, plan, recall_pace
from narrator.store import Cache
from tests.faulty import Here
from tests.test_build import VOICES
from tests.test_faults import TAKES

CONFIG = BuildConfig(jobs=2)


def make(takes: list[Take], folder: Path) -> Built:
    return build(
        takes,
        folder / "book.m4b",
        tags=Tags(title="T"),
        cache=Cache(root=folder / "cache"),
        config=CONFIG,
        executor=Here(),
    )


def planned(takes: list[Take], folder: Path) -> Plan:
    return plan(takes, cache=Cache(root=folder / "cache"), config=CONFIG)


def test_at_first_everything_is_to_be_done_and_nothing_is_written(tmp_path: Path) -> None:
    found = planned(TAKES, tmp_path)
    assert found.clips == found.clips_to_speak == len(TAKES)
    assert found.characters == found.characters_to_speak == sum(len(t.text) for t in TAKES)
    assert found.reels == found.reels_to_encode >= 4
    assert found.sound_s == found.sound_to_make_s > 0
    assert not (tmp_path / "cache").exists()


def test_a_plan_is_what_the_build_then_does(tmp_path: Path) -> None:
    make(TAKES, tmp_path)
    nothing = planned(TAKES, tmp_path)
    assert (nothing.clips_to_speak, nothing.reels_to_encode, nothing.build_s) == (0, 0, 0)
    # A voice that the book has already, and one that it has not.
    for voice in (TAKES[0].voice, VOICES[9]):
        takes = [*TAKES]
        takes[20] = replace(takes[20], voice=voice)
        found = planned(takes, tmp_path)
        built = make(takes, tmp_path)
        assert (found.clips_to_speak, found.reels_to_encode) == (1, 1)
        assert (built.clips_spoken, built.reels_made) == (1, 1)
        assert found.characters_to_speak == len(takes[20].text)


def test_what_a_book_says_twice_is_made_once(tmp_path: Path) -> None:
    chapter = [replace(take, pause_ms=90, mark=None) for take in TAKES[:6]]
    takes = [
        replace(take, chapter=index, segment=6 * index + take.segment, mark=None if at else "A")
        for index in range(4)
        for at, take in enumerate(chapter)
    ]
    found = planned(takes, tmp_path)
    built = make(takes, tmp_path)
    assert (found.clips, found.clips_to_speak, built.clips_spoken) == (24, 6, 6)
    assert (found.reels, found.reels_to_encode) == (built.reels, built.reels_made) == (4, 3)
    assert found.sound_to_make_s == pytest.approx(0.75 * found.sound_s)


def test_settings_that_the_encoder_refuses_are_refused(tmp_path: Path) -> None:
    config = replace(CONFIG, encoder="mp3", encode=replace(CONFIG.encode, bitrate_kbps=192))
    with pytest.raises(EncodeError, match="192 kbit/s"):
        plan(TAKES, cache=Cache(root=tmp_path / "cache"), config=config)


def test_length_and_size_are_right_when_all_is_known(tmp_path: Path) -> None:
    timeline = make(TAKES, tmp_path).audiobook.timeline
    found = planned(TAKES, tmp_path)
    assert found.sound_s == pytest.approx(timeline.frames / timeline.sample_rate_hz, abs=0.2)
    assert found.size_bytes == pytest.approx((tmp_path / "book.m4b").stat().st_size, rel=0.1)


def test_the_pace_of_a_build_tells_how_long_the_next_one_takes(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path / "cache")
    assert not planned(TAKES, tmp_path).is_pace_known
    keep_pace(cache, TAKES, CONFIG, sound_s=3.0, wall_s=1.0)  # too short to say anything
    assert recall_pace(cache, TAKES, CONFIG) is None
    keep_pace(cache, TAKES, CONFIG, sound_s=3000.0, wall_s=100.0)
    found = planned(TAKES, tmp_path)
    assert found.is_pace_known
    assert found.build_s == pytest.approx(found.sound_to_make_s / 30, rel=0.01)
