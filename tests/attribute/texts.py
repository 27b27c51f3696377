"""What the tests of this package share: a text in, its lines and speakers out."""

from __future__ import annotations

from narrator.attribute import attribute
from narrator.model import Character, Line, Script, SegmentKind
from narrator.read import read_book
from narrator.segment import segment

SPEECH = (SegmentKind.DIALOGUE, SegmentKind.THOUGHT)


def script_of(text: str) -> Script:
    book = read_book(text.encode(), name="story.txt")
    return attribute(book, segment(book))


def spoken(script: Script) -> list[Line]:
    return [line for line in script.lines if line.segment.kind in SPEECH]


def speakers(text: str) -> list[str | None]:
    script = script_of(text)
    names = {character.id: character.name for character in script.characters}
    return [None if line.speaker is None else names[line.speaker] for line in spoken(script)]


def characters(text: str) -> dict[str, Character]:
    return {character.name: character for character in script_of(text).characters}
