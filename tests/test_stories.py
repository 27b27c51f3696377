"""The sample stories against their hand-made golden scripts (see tests/data/README.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from narrator.model import NARRATOR, Book, SegmentKind
from narrator.read import read_book

_ROOT = Path(__file__).parent.parent
_DATA = Path(__file__).parent / "data"
_STORIES = ("behind-the-bar", "the-last-ferry", "the-third-player", "the-tide-stayed-out")
_SPOKEN_BY_CHARACTERS = (SegmentKind.DIALOGUE, SegmentKind.THOUGHT)


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
