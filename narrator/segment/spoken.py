"""Dialogue and thought in the paragraphs of a chapter."""

from __future__ import annotations

from collections.abc import Sequence

from narrator.model import SegmentKind
from narrator.segment.dashes import is_turn, turn_pieces
from narrator.segment.marks import Convention, Family
from narrator.segment.pieces import Piece
from narrator.segment.quotes import Quote, Stretch, quotes_in
from narrator.segment.scripted import named_turns
from narrator.segment.speech import is_reported_after, is_speech
from narrator.segment.thoughts import with_thoughts


def spoken_pieces(
    text: str, stretches: Sequence[Stretch], convention: Convention
) -> list[list[Piece]]:
    """For each paragraph, its dialogue and thought in order."""
    if convention.primary is Family.DASH:
        pieces = _dash_pieces(text, stretches, convention)
    else:
        pieces = _quote_pieces(text, stretches, convention)
    for index, start in named_turns(text, stretches):
        if not pieces[index]:
            end = stretches[index].end
            pieces[index].append(Piece(start=start, end=end, kind=SegmentKind.DIALOGUE))
    for stretch, found in zip(stretches, pieces, strict=True):
        if "_" in text[stretch.start : stretch.end] or "*" in text[stretch.start : stretch.end]:
            found[:] = with_thoughts(text, stretch.start, stretch.end, found)
    return pieces


def _quote_pieces(
    text: str, stretches: Sequence[Stretch], convention: Convention
) -> list[list[Piece]]:
    pieces: list[list[Piece]] = [[] for _ in stretches]
    for quote in quotes_in(text, stretches, convention, convention.primary):
        if quote.continued or _speaks(text, quote, stretches[quote.paragraph]):
            pieces[quote.paragraph].append(_dialogue(quote))
    for family in convention.secondary[:2]:
        _add_secondary(text, stretches, convention, family, pieces)
    return pieces


def _add_secondary(
    text: str,
    stretches: Sequence[Stretch],
    convention: Convention,
    family: Family,
    pieces: list[list[Piece]],
) -> None:
    """Speech in the book's other marks, in paragraphs that have none in its own.

    An inner quotation never stands there; a paragraph that another hand or another keyboard
    typed does. It must begin with the mark and have a sentence's end before the closing one.
    """
    for index, stretch in enumerate(stretches):
        if pieces[index] or text[stretch.start] not in family.value:
            continue
        alone = [Stretch(start=stretch.start, end=stretch.end)]
        for quote in quotes_in(text, alone, convention, family):
            ends_well = quote.is_closed and text[quote.end - 2] in ".,!?…—-"
            if (ends_well and quote.start == stretch.start) or (pieces[index] and ends_well):
                pieces[index].append(_dialogue(quote))


def _dash_pieces(
    text: str, stretches: Sequence[Stretch], convention: Convention
) -> list[list[Piece]]:
    """Turns of speech, and what else is plainly reported: letters in quotation marks are not."""
    pieces: list[list[Piece]] = []
    families = [f for f in convention.secondary if f is not Family.DASH][:2]
    for stretch in stretches:
        if is_turn(text, stretch.start, stretch.end):
            pieces.append(turn_pieces(text, stretch.start, stretch.end))
            continue
        alone = [Stretch(start=stretch.start, end=stretch.end)]
        found: list[Piece] = []
        for family in families:
            if found:
                break
            found = [
                _dialogue(quote)
                for quote in quotes_in(text, alone, convention, family)
                if quote.is_closed and is_reported_after(text, quote.end, stretch.end)
            ]
        pieces.append(found)
    return pieces


def _dialogue(quote: Quote) -> Piece:
    return Piece(
        start=quote.start, end=quote.end, kind=SegmentKind.DIALOGUE, continued=quote.continued
    )


def _speaks(text: str, quote: Quote, stretch: Stretch) -> bool:
    return is_speech(
        text,
        quote.start,
        quote.end,
        paragraph_start=stretch.start,
        paragraph_end=stretch.end,
    )
