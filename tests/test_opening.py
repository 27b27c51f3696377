"""What can be heard before it is known who says what is what is heard when it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from narrator.cast import cast, narrator_role
from narrator.castfile import CastFile, read_cast_file
from narrator.config import PauseConfig
from narrator.direct import direct, speller
from narrator.direction import DeliveryTable, load_table
from narrator.engines import load_engine
from narrator.model import Cast, Take
from narrator.opening import may_be_first_person, narrator_is_known, opening_takes
from narrator.personal import delivery_path
from narrator.store import Cache
from narrator.story import Beginning, begin_script, find_script

STORIES = sorted((Path(__file__).parent.parent / "stories").glob("*.txt"))
VOICES = load_engine("tone").voices()
TOLD = """The Lamp

The lamp had gone out. Nobody knew why it had, and the night was long. It was cold, too.

"Light it," said Anna.

He lit it.
"""
TOLD_BY_ANNA = """The Lamp

It was late. It rained.

{speaker Anna} The lamp had gone out.

The night was long.

It was cold.

It was dark.

"Light it," said Bert.
"""
TOLD_BY_ONE = """The Lamp

I saw that the lamp had gone out. I did not know why, and I was cold. I went down, and I
called.

"Light it," said Anna.
"""


@pytest.fixture
def ways() -> DeliveryTable:
    return load_table(CastFile().direction, delivery_path())


def begun(
    path: Path, cast_file: CastFile, ways: DeliveryTable, cache: Cache | None = None
) -> list[Take]:
    """The opening, with the narrator alone."""
    beginning = begin_script(path, cast_file, cache)
    script = beginning.script
    assert script is not None
    assert narrator_is_known(beginning, cast_file)
    alone = Cast(narrator=narrator_role(script, VOICES, cast_file), roles=())
    takes = direct(script, alone, PauseConfig(), speller(script), ways=ways)
    return list(opening_takes(script, takes))


def whole(path: Path, cast_file: CastFile, ways: DeliveryTable) -> Iterator[Take]:
    script = find_script(path, cast_file)
    who = cast(script, VOICES, cast_file)
    return direct(script, who, PauseConfig(), speller(script), ways=ways)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_opening_of_a_story_is_what_its_book_begins_with(
    path: Path, ways: DeliveryTable
) -> None:
    cast_file = read_cast_file(b'[narrator]\nvoice = "Tone Alma"\n', "x")  # two are told by an I
    opening = begun(path, cast_file, ways)
    assert opening
    assert [take for take, _ in zip(whole(path, cast_file, ways), opening, strict=False)] == opening


def test_it_ends_before_what_somebody_may_say(tmp_path: Path, ways: DeliveryTable) -> None:
    path = tmp_path / "lamp.txt"
    path.write_text(TOLD, encoding="utf-8")
    opening = begun(path, CastFile(), ways)
    # Not the last sentence: whose voice comes after it decides about the pause.
    assert opening[-1].text == "Nobody knew why it had, and the night was long."
    takes = list(whole(path, CastFile(), ways))
    assert takes[: len(opening)] == opening
    assert "It was cold, too." in [take.text for take in takes[len(opening) :]]


def test_it_ends_before_what_is_told_by_somebody_else(tmp_path: Path, ways: DeliveryTable) -> None:
    path = tmp_path / "lamp.txt"
    path.write_text(TOLD_BY_ANNA, encoding="utf-8")
    marked = read_cast_file(b"[reading]\nmarkup = true\n", "x")
    cache = Cache(root=tmp_path / "cache")
    begin_script(path, marked, cache).finish()
    opening = begun(path, marked, ways, cache)
    assert [take.text for take in opening] == ["It was late."]
    takes = list(whole(path, marked, ways))
    assert takes[: len(opening)] == opening
    assert [take.speaker for take in takes[1:4]] == ["narrator", "anna", "narrator"]


def test_a_story_that_its_teller_may_be_in_waits(tmp_path: Path) -> None:
    path = tmp_path / "lamp.txt"
    path.write_text(TOLD_BY_ONE, encoding="utf-8")
    beginning = begin_script(path, CastFile())
    assert beginning.script is not None
    assert may_be_first_person(beginning.script)
    assert not narrator_is_known(beginning, CastFile())
    chosen = read_cast_file(b'[narrator]\nvoice = "Tone Alma"\n', "x")
    assert narrator_is_known(beginning, chosen)
    assert narrator_is_known(replace(beginning, is_whole=True), CastFile())


def test_voices_that_others_may_have_taken_make_it_wait(tmp_path: Path) -> None:
    path = tmp_path / "lamp.txt"
    path.write_text(TOLD, encoding="utf-8")
    beginning = begin_script(path, CastFile())
    assert narrator_is_known(beginning, CastFile())
    given = read_cast_file(b'[characters."Anna"]\nvoice = "Tone Alma"\n', "x")
    assert not narrator_is_known(beginning, given)


def test_marks_of_the_author_make_it_wait(tmp_path: Path) -> None:
    path = tmp_path / "lamp.txt"
    path.write_text(TOLD, encoding="utf-8")
    marked = read_cast_file(b"[reading]\nmarkup = true\n", "x")
    beginning = begin_script(path, marked)
    assert beginning.script is None
    assert not narrator_is_known(beginning, marked)
    assert beginning.finish() == find_script(path, marked)


def test_what_is_remembered_is_whole_at_once(tmp_path: Path) -> None:
    path = tmp_path / "lamp.txt"
    path.write_text(TOLD, encoding="utf-8")
    cache = Cache(root=tmp_path / "cache")
    first: Beginning = begin_script(path, CastFile(), cache)
    assert not first.is_whole
    script = first.finish()
    assert script == find_script(path, CastFile())
    again = begin_script(path, CastFile(), cache)
    assert again.is_whole
    assert again.script == script
    assert again.finish() == script
