"""Dialogue and thought in the paragraphs of a chapter."""

from __future__ import annotations

from collections.abc import Sequence

from narrator.model import SegmentKind
from narrator.segment.marks import Convention, Family
from narrator.segment.pieces import Piece
from narrator.segment.quotes import Quote, Stretch, quotes_in
from narrator.segment.speech import is_speech


def spoken_pieces(
    text: str, stretches: Sequence[Stretch], convention: Convention
) -> list[list[Piece]]:
    """For each paragraph, its dialogue and thought in order."""
    pieces: list[list[Piece]] = [[] for _ in stretches]
    if convention.primary is not Family.DASH:
        quotes = quotes_in(text, stretches, convention, convention.primary)
        for quote in quotes:
            stretch = stretches[quote.paragraph]
            if quote.continued or _speaks(text, quote, stretch):
                pieces[quote.paragraph].append(
                    Piece(
                        start=quote.start,
                        end=quote.end,
                        kind=SegmentKind.DIALOGUE,
                        continued=quote.continued,
                    )
                )
    return pieces


def _speaks(text: str, quote: Quote, stretch: Stretch) -> bool:
    return is_speech(
        text,
        quote.start,
        quote.end,
        paragraph_start=stretch.start,
        paragraph_end=stretch.end,
    )
