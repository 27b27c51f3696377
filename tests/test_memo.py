from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from narrator.castfile import CastFile
from narrator.errors import StoryError
from narrator.memo import (
    is_finished,
    keep_casting,
    keep_finished,
    remembered_casting,
    remembered_script,
    remembered_texts,
    script_from_json,
    script_to_json,
)
from narrator.model import Age, Change, Gender, Line, Script, Skip, Span
from narrator.normalise import Spoken
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


def test_each_text_is_found_once_and_as_a_heading_by_itself(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    asked: list[str] = []

    change = Change(source=Span(1, 2), spoken=Span(1, 3), rule="numbers")

    def find(source: str, line: Line) -> Spoken:
        asked.append(source)
        changes = (change,) if source == "One" else ()
        return Spoken(text=f"{source} {line.segment.kind.value}", changes=changes)

    heading, _, narration = SCRIPT.lines[:3]
    for _ in range(2):
        with remembered_texts(cache, b"a", "x", find) as spell:
            assert spell("One", heading) == Spoken(text="One heading", changes=(change,))
            assert spell("One", narration).text == "One narration"
            assert spell("\ud800é", narration) == Spoken(text="\ud800é narration")
    assert asked == ["One", "One", "\ud800é"]
    with remembered_texts(cache, b"b", "x", find) as spell:
        spell("One", heading)
    assert len(asked) == 4


def test_a_book_is_finished_with_the_choices_it_was_made_with(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    assert is_finished(cache, b"a", "x", 1) is None
    remembered_script(cache, b"a", "x", lambda: SCRIPT)
    assert is_finished(cache, b"a", "x", 1) is False
    keep_finished(cache, b"a", "x", 1, "\ud800")
    assert is_finished(cache, b"a", "x", 1, "\ud800") is True
    assert is_finished(cache, b"a", "x", 2, "\ud800") is False
    assert is_finished(cache, b"b", "x", 1, "\ud800") is None


def test_a_casting_belongs_to_a_story_and_an_engine(tmp_path: Path) -> None:
    cache, story = Cache(root=tmp_path / "cache"), tmp_path / "a.txt"
    keep_casting(cache, story, "tone", {"Zoë": "Edgar"})
    assert remembered_casting(cache, tmp_path / "b" / ".." / "a.txt", "tone") == {"Zoë": "Edgar"}
    assert remembered_casting(cache, story, "other") == {}
    assert remembered_casting(cache, tmp_path / "b.txt", "tone") == {}


@pytest.mark.parametrize("blob", [b"{", b"[1]", b"\xff", b'{"a": 3}'])
def test_a_casting_that_makes_no_sense_is_forgotten(tmp_path: Path, blob: bytes) -> None:
    cache, story = Cache(root=tmp_path / "cache"), tmp_path / "a.txt"
    keep_casting(cache, story, "tone", {"Zoe": "Edgar"})
    (path,) = (tmp_path / "cache").rglob("casting/*/*")
    cache.put("casting", path.name, blob)
    assert remembered_casting(cache, story, "tone") == {}
