"""Rows that name who speaks before a colon."""

from __future__ import annotations

import pytest

from narrator.attribute import attribute
from narrator.model import SegmentKind
from narrator.read import read_book
from narrator.segment import segment


def turns(text: str) -> list[tuple[str, str]]:
    """Name and words of everything that is spoken by somebody."""
    book = read_book(text.encode(), name="a.txt")
    script = attribute(book, segment(book))
    names = {character.id: character.name for character in script.characters}
    return [
        (names.get(line.speaker or "", "?"), line.segment.span.of(book.chapters[0].text).strip())
        for line in script.lines
        if line.segment.kind is SegmentKind.DIALOGUE
    ]


PLAY = "It was late.\n\nAnn: Who is there?\n\nBert: It is I.\n\nAnn: Come in, then.\n\nHe did.\n"


def test_a_play_is_spoken_by_those_it_names() -> None:
    said = [("Ann", "Who is there?"), ("Bert", "It is I."), ("Ann", "Come in, then.")]
    assert turns(PLAY) == said
    assert turns(PLAY.replace("Ann:", "ANN:")) == [(n.replace("Ann", "ANN"), w) for n, w in said]


def test_the_rows_of_a_chat_stand_close_together() -> None:
    chat = (
        "I looked.\n\nTam: where are you\nBex: bath\nTam: bex, please\nPri: on the 14\n\nI slept.\n"
    )
    assert turns(chat) == [
        ("Tam", "where are you"), ("Bex", "bath"), ("Tam", "bex, please"), ("Pri", "on the 14"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Name: John\nAge: five\nPlace: here\nName of dog: Rex\n",
        "Ann: Who is there?\n\nBert: It is I.\n\nNobody came.\n",
        "One thing: it rained.\n\nAnother thing: it snowed.\n\nA third: it froze.\n",
        "Note: a.\n\nNote: b.\n\nNote: c.\n",
    ],
)
def test_lists_and_forms_are_told(text: str) -> None:
    assert turns(f"It was late.\n\n{text}\nHe slept.\n") == []


def test_a_play_may_have_quotation_marks() -> None:
    text = PLAY.replace("Who is there?", "“Who is there?”")
    assert turns(text)[0] == ("Ann", "“Who is there?”")


@pytest.mark.parametrize("row", ["**{}:** ", "**{}**: ", "_{}:_ ", "*{}*: ", "__{}__: "])
def test_the_names_may_be_bold_or_in_italics(row: str) -> None:
    text = PLAY.replace("Ann: ", row.format("Ann")).replace("Bert: ", row.format("Bert"))
    assert turns(text) == turns(PLAY)
