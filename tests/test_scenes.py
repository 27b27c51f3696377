"""Who says what in scenes of today, which are written for this project and always here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from narrator.attribute import attribute
from narrator.read import read_book
from narrator.segment import segment

SCENES = Path(__file__).parent.parent / "benchmarks" / "scenes"
FOLDERS = sorted(path.parent for path in SCENES.glob("*/text.txt"))
LEAST_RIGHT = 700
"""Of 1,101; `benchmarks/ATTRIBUTION.md` says how many were when it was last measured."""


def rows(path: Path) -> Iterator[dict[str, Any]]:
    for row in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(row)


def judged(folder: Path) -> list[bool]:
    """For each quotation, whether the program gives it to who says it."""
    book = read_book((folder / "text.txt").read_bytes(), name="text.txt")
    script = attribute(book, segment(book))
    names = {c.id: {c.name.casefold(), *map(str.casefold, c.aliases)} for c in script.characters}
    known = {
        row["name"]: {row["name"].casefold(), *map(str.casefold, row["aliases"])}
        for row in rows(folder / "characters.jsonl")
    }
    begins = [0, *accumulate(len(chapter.text) for chapter in book.chapters)]
    spoken = {}
    for line in script.lines:
        at = begins[line.segment.chapter]
        for k in range(at + line.segment.span.start, at + line.segment.span.end):
            spoken[k] = names.get(line.speaker or "", set())
    return [
        bool(spoken[row["spans"][0][0]] & known[row["speaker"]])
        for row in rows(folder / "quotes.jsonl")
    ]


def test_the_spans_are_those_of_the_words() -> None:
    assert len(FOLDERS) == 9
    for folder in FOLDERS:
        text = (folder / "text.txt").read_text(encoding="utf-8")
        for row in rows(folder / "quotes.jsonl"):
            [(start, end)] = row["spans"]
            assert text[start:end] == row["text"]


def test_most_lines_have_the_right_speaker() -> None:
    found = [right for folder in FOLDERS for right in judged(folder)]
    assert len(found) == 1101
    assert sum(found) >= LEAST_RIGHT


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_no_story_is_lost_altogether(folder: Path) -> None:
    found = judged(folder)
    assert sum(found) > 0.5 * len(found)
