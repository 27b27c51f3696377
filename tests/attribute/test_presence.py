"""Presence: who is in the reader's mind, and whom a *he* of the narration means."""

from __future__ import annotations

import pytest

from narrator.attribute.mentions import RefKind
from narrator.attribute.presence import measure_presence
from narrator.attribute.reading import read_people
from narrator.read import read_book
from narrator.segment import segment

_START = "“Good morning,” said Mr. Elby.\n\n“Good morning,” said Tom Hale.\n\n"


def last_pronoun(text: str) -> str:
    """The first name of whom the last *he* of the narration means."""
    book = read_book(text.encode(), name="story.txt")
    reading = read_people(book, segment(book))
    presence = measure_presence(reading, ())
    *_, person = (
        presence.meant[k, ref.start]
        for k, refs in enumerate(reading.refs)
        for ref in refs
        if ref.kind is RefKind.PRONOUN
    )
    who = reading.persons[person]
    return who.first or who.last


@pytest.mark.parametrize("paragraphs", [0, 1, 3])
def test_he_is_who_was_named_last_and_not_who_was_there_all_day(paragraphs: int) -> None:
    day = "".join(f"Mr. Elby took letter {n} and went out.\n\n" for n in range(paragraphs))
    assert last_pronoun(_START + day + "The bell had vexed Tom. He stood up.") == "tom"


def test_he_is_who_was_there_all_day_where_nobody_was_named_since() -> None:
    day = "".join(f"Mr. Elby took letter {n} and went out.\n\n" for n in range(12))
    rain = "It rained.\n\n" * 4
    assert last_pronoun(f"{_START}Tom Hale left.\n\n{day}{rain}He stood up.") == "elby"
