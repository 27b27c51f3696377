from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import narrator.story
from narrator.castfile import CastFile
from narrator.cli.live import Hearing
from narrator.cli.preparing import errand_for, prepared
from narrator.cli.source import Source
from narrator.cli.voicing import load_voicing
from narrator.model import Script
from narrator.selection import Selection
from narrator.store import Cache
from narrator.story import cast_path_of
from tests.cli.conftest import Run
from tests.test_sounds import tone, write_wav


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


MARKED = """The Rain

{sound bell} The rain fell on the roofs of the town. {sound bell} The clock struck nine. {pause 3s}

The wind rose{sound bell}{sound bell}. The door{pause 1s} was shut{sound bell}.

{speaker Anna} Far away a dog barked at the moon.

Nobody heard it.

The lamp went out.

The night was long.

"Who is there?" Anna asked.

"It is I," said Tom. {pause 4s}
"""
PARTS = """# The Rain

The rain fell.

# {sound bell}

# Dusk

Nobody came.

# Night

"Who is there?" Anna asked.
"""
ON = '[reading]\nmarkup = true\n[sounds]\nbell = "bell.wav"\n'


@pytest.mark.parametrize(
    ("name", "text", "cast_text", "chapter", "heard"),
    [
        ("marked.txt", MARKED, ON, None, "{sound bell}"),
        ("a-part-of-sounds.md", PARTS, ON, None, "{sound bell}"),
        ("left-out.md", PARTS, ON + "[chapters]\nexclude = [1, 2]\n", None, "Night."),
        ("one-part.md", PARTS, ON + "[chapters]\nexclude = [1, 2]\n", 2, "Dusk."),
    ],
    ids=lambda value: value if str(value).endswith((".txt", ".md")) else "",
)
def test_it_says_what_a_build_says_the_first_time_and_the_next(
    tmp_path: Path, name: str, text: str, cast_text: str, chapter: int | None, heard: str
) -> None:
    source = Source(story=tmp_path / name)
    source.story.write_text(text)
    source.cast_path.write_text(cast_text)
    write_wav(tmp_path / "bell.wav", tone(3000.0, 0.5))
    errand = errand_for(
        source,
        series_path=None,
        engine_name="tone",
        selection=Selection(chapters=str(chapter or "")),
        cache=Cache(root=tmp_path / "other"),
    )
    with prepared(errand) as found:
        takes = list(found.takes)
    assert heard in [take.shown for take in takes]
    hearing = Hearing(
        story=source.story,
        cast_file=source.cast_file(),
        cast_path=source.cast_path,
        voicing=load_voicing("tone"),
        chapter=chapter,
    )
    cache = Cache(root=tmp_path / "cache")
    assert list(hearing.takes(cache)) == takes
    assert cache.sizes()["script"][0] == 1
    assert list(hearing.takes(cache)) == takes


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for another process")
def test_it_ends_at_once_while_it_is_found_out_who_says_what(tmp_path: Path) -> None:
    pytest.importorskip("miniaudio", reason="miniaudio is not installed")
    story = tmp_path / "door.txt"
    story.write_text('"Who is there?" Anna asked.\n\n"It is I," said Tom.\n')
    never = """
import sys, narrator.story
from narrator.cli import main

def looks_on(*args):
    print("looking", flush=True)
    while True:
        sum(range(1000))

narrator.story._attributed = looks_on
main(["play", "--live", sys.argv[1], "--engine", "tone"])
"""
    environment = {
        **os.environ,
        "HOME": str(tmp_path / "home"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "NARRATOR_SOUND": "null",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", never, str(story)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "looking\n"
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        assert time.monotonic() - began < 4
    finally:
        process.kill()
    assert process.returncode == 130
    assert err.strip().startswith("narrator: interrupted")
    assert len(err.strip().splitlines()) == 1
