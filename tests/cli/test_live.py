from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

import narrator.story
from narrator.castfile import CastFile
from narrator.cli.live import Hearing
from narrator.cli.voicing import load_voicing
from narrator.model import Script
from narrator.store import Cache
from narrator.story import cast_path_of
from tests.cli.conftest import Run


def test_a_story_is_heard_at_once(narrator: Run, story: Path) -> None:
    pytest.importorskip("miniaudio", reason="miniaudio is not installed")
    done = narrator(
        *("play", "--live", story, "--engine", "tone", "--text", "--chapter", "2"),
        environ={"NARRATOR_SOUND": "null"},
    )
    assert done.code == 0, done.err
    said = [line for line in done.out.splitlines() if line]
    assert said == [
        "Chapter 2: Dark",
        "Narrator: Chapter two: Dark.",
        "Anna: Put it out,",
        "Narrator: said Anna.",
        "Narrator: He put it out.",
    ]


def test_without_a_sound_device_it_says_what_to_do(narrator: Run, story: Path) -> None:
    done = narrator("play", "--live", story, "--engine", "tone")
    assert done.code != 0
    assert f"`narrator build {story}` makes a file of it" in done.err
    assert not list(story.parent.glob("output/*"))


def test_options_that_need_live_say_so(narrator: Run, story: Path) -> None:
    done = narrator("play", story, "--text")
    assert done.code == 2
    assert "--text, --cast, --markup and --engine go with --live" in done.err


def test_the_narrator_begins_while_it_is_found_out_who_says_what(
    story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    attributed = narrator.story._attributed

    def waits(*args: Any) -> Script:
        assert go_on.wait(20)
        return attributed(*args)

    monkeypatch.setattr(narrator.story, "_attributed", waits)
    hearing = Hearing(
        story=story,
        cast_file=CastFile(),
        cast_path=cast_path_of(story),
        voicing=load_voicing("tone"),
        chapter=None,
    )
    takes = hearing.takes(Cache(root=story.parent / "cache"))
    first = next(takes)
    assert (first.text, first.speaker, first.mark) == (
        "Chapter one: Dusk.",
        "narrator",
        "Chapter 1: Dusk",
    )
    go_on.set()
    assert [take.text for take in takes] == [
        "Anna lit the lamp and looked at her brother.",
        "You are late, Bert,",
        "said Anna.",
        "I am never late,",
        "said Bert.",
        "Chapter two: Dark.",
        "Put it out,",
        "said Anna.",
        "He put it out.",
    ]
    assert hearing.names["anna"] == "Anna"
