from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from narrator.castfile import CastFile
from narrator.errors import StoryError
from narrator.memo import remembered_script, script_from_json, script_to_json
from narrator.model import Age, Gender, Script, Skip, Span
from narrator.read.options import Choice, Reading
from narrator.store import Cache
from narrator.story import load_script
from tests.values import character, headed, said, script_of, told

SCRIPT = script_of(
    [headed("One\n\n"), said("anna", '"Odd \ud800 text é."\n\n'), told("So.\n\n")],
    [said(None, '"Who?"')],
    characters=[
        character("Anna", Gender.FEMALE, age=Age.CHILD, aliases=("Ann", "Nan")),
        character("Bert", is_narrator=True),
    ],
)
SCRIPT = replace(
    SCRIPT,
    book=replace(
        SCRIPT.book,
        cover=b"\xff\xd8\xff\x00",
        details=(("Rating", "General"),),
        chapters=(
            replace(
                SCRIPT.book.chapters[0],
                headings=(Span(0, 3),),
                skips=(Skip(span=Span(3, 4), reason="x"),),
            ),
            *SCRIPT.book.chapters[1:],
        ),
    ),
)


def test_a_script_comes_back_as_it_was() -> None:
    assert script_from_json(script_to_json(SCRIPT)) == SCRIPT


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parent.parent / "stories").glob("*.txt")), ids=lambda p: p.stem
)
def test_the_scripts_of_the_stories_come_back_as_they_were(path: Path, tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    first = load_script(path, CastFile())
    assert load_script(path, CastFile(), cache) == first
    assert load_script(path, CastFile(), cache) == first


def test_it_is_found_once_for_the_same_bytes_and_name(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    found: list[int] = []

    def find() -> Script:
        found.append(1)
        return SCRIPT

    for data, name in ((b"a", "x"), (b"a", "x"), (b"b", "x"), (b"a", "y")):
        assert remembered_script(cache, data, name, find) == SCRIPT
    assert len(found) == 3
    remembered_script(None, b"a", "x", find)
    assert len(found) == 4


def test_what_cannot_be_read_is_not_remembered(tmp_path: Path) -> None:
    story = tmp_path / "empty.txt"
    story.write_bytes(b"* * *\n")
    for _ in range(2):
        with pytest.raises(StoryError):
            load_script(story, CastFile(), Cache(root=tmp_path / "cache"))


def test_what_is_read_otherwise_is_found_anew(tmp_path: Path) -> None:
    story = tmp_path / "a.md"
    story.write_text("He ran.\n\n![A mill](m.jpg)\n")
    cache = Cache(root=tmp_path / "cache")
    plain = load_script(story, CastFile(), cache)
    told_all = CastFile(reading=Reading(pictures=Choice.READ))
    assert load_script(story, told_all, cache).lines != plain.lines
    assert load_script(story, told_all, cache) == load_script(story, told_all)
