"""The sample stories against their hand-made golden scripts (see tests/data/README.md)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

from narrator.attribute import attribute
from narrator.model import NARRATOR, Book, Character, Script, SegmentKind
from narrator.read import read_book
from narrator.segment import segment

_ROOT = Path(__file__).parent.parent
_DATA = Path(__file__).parent / "data"
_STORIES = ("behind-the-bar", "the-last-ferry", "the-third-player", "the-tide-stayed-out")
_SPOKEN_BY_CHARACTERS = (SegmentKind.DIALOGUE, SegmentKind.THOUGHT)

_TITLES = ("captain", "major", "mr", "mr.", "mrs.", "the")
_LINES_RIGHT = {
    "behind-the-bar": 62,
    "the-last-ferry": 15,
    "the-third-player": 42,
    "the-tide-stayed-out": 71,
}
"""Lines of dialogue and thought that go to the right one; to be raised, never lowered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenLine:
    """One line of a golden script."""

    kind: SegmentKind
    speaker: str | None
    text: str


def story_path(story: str) -> Path:
    return _ROOT / "stories" / f"{story}.txt"


def book_of(story: str) -> Book:
    path = story_path(story)
    return read_book(path.read_bytes(), name=path.name)


def golden_of(story: str) -> tuple[GoldenLine, ...]:
    rows = (_DATA / f"{story}.golden.jsonl").read_text(encoding="utf-8").split("\n")
    entries = [json.loads(row) for row in rows if row]
    return tuple(
        GoldenLine(kind=SegmentKind(entry["kind"]), speaker=entry["speaker"], text=entry["text"])
        for entry in entries
    )


def test_every_story_has_a_golden_script() -> None:
    stories = tuple(sorted(path.stem for path in (_ROOT / "stories").glob("*.txt")))
    assert stories == _STORIES


@pytest.mark.parametrize("story", _STORIES)
def test_golden_texts_join_to_the_file(story: str) -> None:
    source = story_path(story).read_bytes().decode("utf-8-sig")
    assert "".join(line.text for line in golden_of(story)) == source


@pytest.mark.parametrize("story", _STORIES)
def test_golden_speakers_fit_their_kinds(story: str) -> None:
    for line in golden_of(story):
        if line.kind in _SPOKEN_BY_CHARACTERS:
            assert line.speaker not in (None, NARRATOR)
        elif line.kind in (SegmentKind.SCENE_BREAK, SegmentKind.SKIPPED):
            assert line.speaker is None
        else:
            assert line.speaker == NARRATOR


def test_stories_keep_their_byte_order_mark_and_line_ends() -> None:
    assert story_path("the-third-player").read_bytes().startswith(b"\xef\xbb\xbf")
    crlf = story_path("behind-the-bar").read_bytes()
    assert crlf.count(b"\r\n") == crlf.count(b"\n") > 100


@pytest.mark.parametrize(
    ("story", "title", "author", "chapters"),
    [
        ("the-last-ferry", "The Last Ferry", "lanternfish", 1),
        ("the-tide-stayed-out", "The Tide Stayed Out", "The Narrator Authors", 6),
        ("behind-the-bar", "Five Hundred Pounds Behind the Bar", "The Narrator Authors", 3),
        ("the-third-player", "The Third Player", "The Narrator Authors", 3),
    ],
)
def test_reader_names_the_book_and_finds_its_chapters(
    story: str, title: str, author: str, chapters: int
) -> None:
    book = book_of(story)
    assert (book.title.casefold(), book.author) == (title.casefold(), author)
    assert len(book.chapters) == chapters


def runs_of(lines: Iterable[tuple[SegmentKind, str]]) -> list[tuple[str, str]]:
    """(kind, text) with neighbours of one kind joined: where a run is cut does not matter here."""
    groups = groupby(lines, key=lambda line: line[0])
    return [(kind.value, "".join(text for _, text in group)) for kind, group in groups]


@pytest.mark.parametrize("story", _STORIES)
def test_segments_are_as_the_golden_script_says(story: str) -> None:
    book = book_of(story)
    found = runs_of((s.kind, s.span.of(book.chapters[s.chapter].text)) for s in segment(book))
    assert found == runs_of((line.kind, line.text) for line in golden_of(story))


def spoken_pairs(story: str, script: Script) -> list[tuple[str, str | None]]:
    """(golden speaker, speaker id in the script) of each golden line of dialogue or thought."""
    said_by: list[str | None] = []
    for line in script.lines:
        said_by.extend([line.speaker] * len(line.segment.span))
    pairs = []
    at = 0
    for golden in golden_of(story):
        if golden.kind in _SPOKEN_BY_CHARACTERS and golden.speaker is not None:
            pairs.append((golden.speaker, said_by[at]))
        at += len(golden.text)
    return pairs


def bears(character: Character, name: str) -> bool:
    """Whether a character goes by a golden name; the ``I`` of a story may go by none."""
    names = " ".join((character.name, *character.aliases)).casefold().split()
    return character.is_narrator or any(
        word in names for word in name.casefold().split() if word not in _TITLES
    )


def matched(pairs: list[tuple[str, str | None]], script: Script) -> dict[str, str]:
    """One character for each golden speaker: of those who bear the name, who shares most lines."""
    shared = Counter(
        (name, character.id)
        for name, found in pairs
        for character in script.characters
        if character.id == found and bears(character, name)
    )
    partners: dict[str, str] = {}
    for name, found in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if name not in partners and found not in partners.values():
            partners[name] = found
    return partners


@pytest.mark.parametrize(("story", "at_least"), sorted(_LINES_RIGHT.items()))
def test_lines_go_to_the_speakers_of_the_golden_script(story: str, at_least: int) -> None:
    book = book_of(story)
    script = attribute(book, segment(book))
    pairs = spoken_pairs(story, script)
    partners = matched(pairs, script)
    wrong = [pair for pair in pairs if partners.get(pair[0]) != pair[1]]
    assert len(pairs) - len(wrong) >= at_least, wrong
