"""Chapters in files of their own."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.model import Cue, Mark
from narrator.orders import ReelSheet
from narrator.split import file_names, playlist, split_chapters


def sheet(frames: int, *cues: tuple[int, int]) -> ReelSheet:
    return ReelSheet(key="k", frames=frames, cues=cues, mute=())


TITLES = {0: "One", 3: "Two"}
SHEETS = (
    sheet(5000, (600, 900), (1000, 2000)),
    sheet(3000, (0, 2500)),
    sheet(4000, (700, 800), (900, 950)),
)


def test_a_volume_for_each_chapter() -> None:
    one, two = split_chapters(TITLES, SHEETS, sample_rate_hz=1000, join_frames=100)
    assert (one.title, one.reels, one.timeline.frames) == ("One", range(2), 7900)
    assert (two.title, two.reels, two.timeline.frames) == ("Two", range(2, 3), 3900)
    assert one.timeline.cues == (
        Cue(take=0, start=600, end=900),
        Cue(take=1, start=1000, end=2000),
        Cue(take=2, start=5000, end=7500),
    )
    assert [cue.take for cue in two.timeline.cues] == [3, 4]
    assert two.timeline.cues[0].start == 700
    assert two.timeline.marks == (Mark(title="Two", start=0),)


def test_takes_before_the_first_mark_have_a_file_too() -> None:
    volumes = split_chapters({3: "Two"}, SHEETS, sample_rate_hz=1000, join_frames=0)
    assert [(volume.title, volume.reels) for volume in volumes] == [
        ("", range(2)),
        ("Two", range(2, 3)),
    ]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Lamp", "01 - The Lamp.mp3"),
        ("../../etc/passwd", "01 - etc passwd.mp3"),
        ("CON", "01 - CON.mp3"),
        ('A: B? <C> | "D" * E\\F', "01 - A B C D E F.mp3"),
        ("Line\nbreak\tand\x00nul", "01 - Line break and nul.mp3"),
        ("…", "01 - ….mp3"),
        ("...", "01 - Chapter.mp3"),
        ("", "01 - Chapter.mp3"),
        ("🎧 Ears", "01 - 🎧 Ears.mp3"),
        ("Cafe\u0301.", "01 - Café.mp3"),
        ("\ud800", "01 - Chapter.mp3"),
    ],
)
def test_names_are_safe(title: str, name: str) -> None:
    assert file_names([title], ".mp3") == (name,)


@settings(deadline=None)
@given(st.lists(st.text(max_size=400), min_size=1, max_size=12))
def test_any_title_makes_a_plain_and_unique_name(titles: list[str]) -> None:
    names = file_names(titles, ".m4b")
    assert len({name.casefold() for name in names}) == len(titles)
    for name in names:
        assert PureWindowsPath(name).name == Path(name).name == name
        assert len(name.encode()) <= 143
        assert name.endswith(".m4b")
        assert not set(name) & set('<>:"/\\|?*\n\0')


def test_names_sort_as_the_book_goes() -> None:
    names = file_names(["x"] * 120, ".mp3")
    assert list(names) == sorted(names)
    assert names[0] == "001 - x.mp3"


def test_a_playlist() -> None:
    volumes = split_chapters(TITLES, SHEETS, sample_rate_hz=1000, join_frames=0)
    assert playlist(["01 - One.mp3", "02 - Two.mp3"], volumes) == (
        "#EXTM3U\n#EXTINF:8,One\n01 - One.mp3\n#EXTINF:4,Two\n02 - Two.mp3\n"
    )
