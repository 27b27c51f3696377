from __future__ import annotations

import pytest

from narrator.read.epigraph import epigraph_units
from narrator.read.layout import Layout, paragraphs_of, rows_of


def _count(text: str, *, is_front: bool = False) -> int:
    units = list(paragraphs_of(text, list(rows_of(text)), Layout()))
    return epigraph_units(text, units, 0, len(units), is_front=is_front)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("“Rivers keep no promises.”\n— A Miller\n\nIt rained.", 1),
        ("“Rivers keep no promises.” — A Miller\n\nIt rained.", 1),
        ("“Rivers keep no promises.”\n\n--_Old saying_\n\nIt rained.", 2),
        ("The river ran,\n  the river ran\n    away.\n    --A MILLER\n\nIt rained.", 1),
        ("“One.”\n\n“Two.”\n\n— painted on a door\n\nIt rained.", 3),
    ],
)
def test_words_with_their_source_are_an_epigraph(text: str, units: int) -> None:
    assert _count(text) == units


@pytest.mark.parametrize(
    "text",
    [
        "“Hello,” said Ann.\n\n“Good day,” said Bob.",
        "“Hello.”\n\n— What do you want? — said Bob.",
        "It rained.\n— A Miller",
        "“I can't go on--”\n\nShe went on.",
    ],
)
def test_a_story_that_begins_with_speech_has_none(text: str) -> None:
    assert _count(text) == 0


def test_in_front_of_the_chapters_the_source_may_be_missing() -> None:
    text = "“Rivers keep no promises.”\n\nChapter 1"
    assert (_count(text), _count(text, is_front=True)) == (0, 1)
