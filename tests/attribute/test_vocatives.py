"""Who is called inside a quotation."""

from __future__ import annotations

import pytest

from narrator.attribute.names import Name
from narrator.attribute.tokens import Piece, tokenize
from narrator.attribute.vocatives import find_calls, is_vocative
from narrator.model import Gender, Segment, SegmentKind, Span


def piece_of(text: str) -> Piece:
    segment = Segment(chapter=0, span=Span(0, len(text)), kind=SegmentKind.DIALOGUE, paragraph=0)
    words = tokenize(text)
    return Piece(index=0, segment=segment, words=words, lower=[word.lower() for word in words])


@pytest.mark.parametrize(
    "text",
    [
        "“Tom, come here.”", "“Come here, Tom.”", "“Come, Tom, be quick.”", "“Oh, Tom!”",
        "“My dear Tom, no.”", "“Hello Tom!”", "‘Come here, Tom’",
    ],
)  # fmt: skip
def test_a_call(text: str) -> None:
    piece = piece_of(text)
    at = piece.words.index("Tom")
    assert is_vocative(piece, at, at + 1)


@pytest.mark.parametrize(
    "text",
    [
        "“Tom is here.”", "“I saw Tom yesterday.”", "“Give it to Tom.”",
        "“I met Ann, Tom, and Kate.”", "“My brother, Tom, who is ill, sends his love.”",
    ],
)  # fmt: skip
def test_no_call(text: str) -> None:
    piece = piece_of(text)
    at = piece.words.index("Tom")
    assert not is_vocative(piece, at, at + 1)


def test_nouns_call_too() -> None:
    calls = find_calls(piece_of("“Yes, sir, the sir of the house.”"), [])
    assert [(call.noun, call.gender) for call in calls] == [("sir", Gender.MALE)]


def test_a_possessive_is_no_call() -> None:
    piece = piece_of("“Tom's, I think.”")
    assert find_calls(piece, [Name(1, 2, ("tom",), True)]) == []
