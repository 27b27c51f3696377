"""Who says what, on small texts of our own: one phenomenon each."""

from __future__ import annotations

import pytest

from narrator.attribute import attribute
from narrator.model import NARRATOR, Gender, Line, Script, SegmentKind
from narrator.read import read_book
from narrator.segment import segment


def script_of(text: str) -> Script:
    book = read_book(text.encode(), name="story.txt")
    return attribute(book, segment(book))


def spoken(script: Script) -> list[Line]:
    kinds = (SegmentKind.DIALOGUE, SegmentKind.THOUGHT)
    return [line for line in script.lines if line.segment.kind in kinds]


def speakers(text: str) -> list[str | None]:
    script = script_of(text)
    names = {character.id: character.name for character in script.characters}
    return [None if line.speaker is None else names[line.speaker] for line in spoken(script)]


@pytest.mark.parametrize(
    "text",
    [
        "The rain came.\n\n“Come in,” said Clara.\n",
        "The rain came.\n\n“Come in,” Clara said.\n",
        "The rain came.\n\nClara opened the door and said, “Come in.”\n",
        "The rain came.\n\n“Come,” said Clara, “in.”\n",
        "The rain came.\n\n“Come in,” whispered Clara softly. “It is wet.”\n",
        "The rain came.\n\n“Come in.” Clara opened the door.\n",
        "The rain came.\n\nClara pointed at the door: “Come in.”\n",
    ],
)
def test_a_cue_names_the_speaker_wherever_it_stands(text: str) -> None:
    assert set(speakers(text)) == {"Clara"}


def test_narration_is_the_narrators() -> None:
    script = script_of("Rain fell.\n\n“Yes,” said Clara.\n")
    others = [line for line in script.lines if line not in spoken(script)]
    assert {line.speaker for line in others} == {NARRATOR}


def test_two_people_take_turns() -> None:
    text = (
        "Clara met Tom at the gate.\n\n“Hello,” said Clara.\n\n“Hello,” said Tom.\n\n"
        "“Is it cold?”\n\n“It is.”\n\n“Then let us walk.”\n"
    )
    assert speakers(text) == ["Clara", "Tom", "Clara", "Tom", "Clara"]


def test_a_pronoun_is_told_by_gender() -> None:
    text = "Clara and Tom sat down.\n\n“I am tired,” he said.\n\n“So am I,” she said.\n"
    assert speakers(text) == ["Tom", "Clara"]


def test_who_is_called_does_not_speak() -> None:
    text = "Clara and Tom sat down.\n\n“Tom, I need you here.”\n"
    assert speakers(text) == ["Clara"]


def test_the_first_person_speaks() -> None:
    text = (
        "I went down to the quay. I had no coat. I met Tom there, and I waved.\n\n"
        "“Hello,” I said.\n\n“Hello,” said Tom.\n"
    )
    script = script_of(text)
    first = spoken(script)[0].speaker
    assert [c.is_narrator for c in script.characters if c.id == first] == [True]


def test_titles_tell_gender() -> None:
    text = "“Good morning,” said Captain Hale. She saluted.\n\n“Morning,” said Mr. Pym.\n"
    genders = {character.name: character.gender for character in script_of(text).characters}
    assert genders == {"Captain Hale": Gender.FEMALE, "Mr. Pym": Gender.MALE}


@pytest.mark.parametrize(
    "text",
    [
        "Nothing is said here at all.\n",
        "“Only this.”\n",
        "«Привет», — сказал Иван.\n\n«Здравствуй», — ответила Мария.\n",
        "「こんにちは」と太郎が言った。\n",
        "“Aye,” said O’Brien.\n\n“Oui,” said d’Artagnan.\n",
    ],
)
def test_odd_texts_pass(text: str) -> None:
    script = script_of(text)
    assert all(0.0 <= line.confidence <= 1.0 for line in script.lines)
