from __future__ import annotations

from pathlib import Path

import pytest

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
    assert "--text, --cast and --engine go with --live" in done.err
