"""Whole builds in every format, in one file and in one for each chapter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from narrator.build import Built, build
from narrator.check import inspect
from narrator.encode import EncodeConfig, Tags, encoder_names, load_encoder
from narrator.errors import EncodeError, StoreError
from narrator.mix import MixConfig
from narrator.model import Take, Voice
from narrator.plan import BuildConfig
from narrator.store import Cache
from tests.encode.sound import decode
from tests.test_build import VOICES, hum_hz, settings, takes_of


def make(takes: list[Take], target: Path, **config: object) -> Built:
    return build(
        takes,
        target,
        tags=Tags(title="The Lamp", author="A"),
        cache=Cache(root=target.parent.parent / "cache"),
        config=replace(BuildConfig(jobs=1), **config),  # type: ignore[arg-type]
    )


def hummed(voice: Voice) -> float:
    return float(settings(voice)["frequency_hz"])


@pytest.mark.parametrize("name", encoder_names())
def test_each_cue_sounds_in_its_own_voice(tmp_path: Path, name: str) -> None:
    takes = takes_of(36)
    # Voices of several sample rates in one book.
    coarse = tuple(sorted({**settings(takes[5].voice), "sample_rate_hz": 16_000}.items()))
    takes[5] = replace(takes[5], voice=replace(takes[5].voice, settings=coarse, name="Coarse"))
    encoder = load_encoder(name)
    target = tmp_path / "out" / f"book{encoder.suffix}"
    built = make(takes, target, encoder=name)
    timeline = built.audiobook.timeline
    _, sound = decode(target)
    rate = inspect(target).sample_rate_hz
    assert rate == timeline.sample_rate_hz == encoder.sample_rate_hz(22_050)
    assert len(sound) == timeline.frames
    for cue in timeline.cues:
        inside = sound[cue.start + rate // 80 : cue.end - rate // 80]
        assert hum_hz(inside, rate) == pytest.approx(hummed(takes[cue.take].voice), rel=0.01)
    config = MixConfig()
    assert timeline.cues[0].start == pytest.approx(config.head_ms * rate / 1000, abs=1)
    tail_frames = timeline.frames - timeline.cues[-1].end
    assert 0 <= tail_frames - config.tail_ms * rate // 1000 <= encoder.frame_size


def test_one_file_for_each_chapter(tmp_path: Path) -> None:
    takes = takes_of(36)
    takes[12] = replace(takes[12], mark="../../Dark: CON?")
    built = make(takes, tmp_path / "out" / "lamp.m3u8", encoder="mp3", split=True)
    files = sorted((tmp_path / "out").glob("*.mp3"))
    assert [path.name for path in files] == [
        "01 - Part 0.mp3",
        "02 - Dark CON.mp3",
        "03 - Part 2.mp3",
    ]
    # Nothing else: no half-written file, and none outside the folder.
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "lamp.m3u8",
        *(path.name for path in files),
    }
    assert {path.name for path in tmp_path.iterdir()} == {"out", "cache"}
    listed = (tmp_path / "out" / "lamp.m3u8").read_text(encoding="utf-8").splitlines()
    assert [row for row in listed if not row.startswith("#")] == [path.name for path in files]
    assert built.changed
    rate = built.audiobook.timeline.sample_rate_hz
    for number, path in enumerate(files):
        report = inspect(path)
        _, sound = decode(path)
        own = takes[number * 12 : number * 12 + 12]
        assert report.tag("album") == "The Lamp"
        assert report.tag("track") == f"{number + 1}/3"
        assert report.tag("title") == own[0].mark
        # Each has its own quiet at both ends, and begins with its own first voice.
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        assert loud[0] / rate == pytest.approx(0.6, abs=0.03)
        assert 1.79 < (len(sound) - loud[-1]) / rate < 1.9
        first = sound[loud[0] + 200 : loud[0] + rate // 4]
        assert hum_hz(first, rate) == pytest.approx(hummed(own[0].voice), rel=0.02)


def test_a_split_book_is_not_written_again(tmp_path: Path) -> None:
    takes = takes_of(24, chapters=2)
    target = tmp_path / "out" / "lamp.m3u8"
    make(takes, target, encoder="opus", split=True)
    before = {path: path.stat().st_mtime_ns for path in target.parent.glob("*.opus")}
    assert not make(takes, target, encoder="opus", split=True).changed
    takes[-1] = replace(takes[-1], voice=VOICES[9])
    assert make(takes, target, encoder="opus", split=True).changed
    after = {path: path.stat().st_mtime_ns for path in target.parent.glob("*.opus")}
    assert [before[path] == after[path] for path in sorted(before)] == [True, False]


def test_no_chapter_is_written_over_another_books(tmp_path: Path) -> None:
    takes = takes_of(24, chapters=2)
    folder = tmp_path / "out"
    make(takes, folder / "lamp.m3u8", encoder="opus", split=True)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(StoreError, match=r"01 - Part 0\.opus: belongs to lamp\.m3u8; give each"):
        make(takes, folder / "mill.m3u8", encoder="opus", split=True)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_chapters_of_an_earlier_build_are_named(tmp_path: Path) -> None:
    takes = takes_of(24, chapters=2)
    target = tmp_path / "out" / "lamp.m3u8"
    assert make(takes, target, encoder="opus", split=True).left_behind == ()
    mine = target.with_name("mine.opus")
    mine.touch()
    takes[12] = replace(takes[12], mark="Noon")
    built = make(takes, target, encoder="opus", split=True)
    assert built.left_behind == (target.with_name("02 - Part 1.opus"),)
    assert built.left_behind[0].exists()
    assert [path.name for path in built.files] == ["01 - Part 0.opus", "02 - Noon.opus"]
    assert make(takes, target, encoder="opus", split=True).left_behind == ()


@pytest.mark.parametrize(
    ("name", "kbps", "words"),
    [
        ("opus", 320, "Opus has no 320 kbit/s for one channel: give 16 to 256"),
        ("mp3", 20, "give one of"),
    ],
)
def test_what_a_format_lacks_is_told_before_a_word_is_spoken(
    tmp_path: Path, name: str, kbps: int, words: str
) -> None:
    config = replace(EncodeConfig(), bitrate_kbps=kbps)
    with pytest.raises(EncodeError, match=words):
        make(takes_of(4, chapters=1), tmp_path / "out" / f"a.{name}", encoder=name, encode=config)
    assert Cache(root=tmp_path / "cache").sizes().keys() == {"level"}
