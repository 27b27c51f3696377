"""What the tests of this package share: segments in a form that can be written by hand."""

from __future__ import annotations

from narrator.model import Book, Chapter, Segment
from narrator.segment import segment

_LETTERS = {
    "narration": "n",
    "dialogue": "d",
    "thought": "t",
    "heading": "h",
    "scene_break": "b",
    "skipped": "x",
}


def book_of(text: str) -> Book:
    """A book of one chapter without headings."""
    return Book(title="T", chapters=(Chapter(index=0, title="", text=text),))


def cut(text: str) -> list[str]:
    """Segments of a text, each as a letter for its kind and its words: ``d "Hi," ``."""
    return [show(text, piece) for piece in segment(book_of(text))]


def show(text: str, piece: Segment) -> str:
    """One segment, white space at its end left out; ``+`` where it goes on from the one before."""
    sign = "+" if piece.continued else " "
    return _LETTERS[piece.kind.value] + sign + piece.span.of(text).rstrip()


def spoken(text: str) -> list[str]:
    """The dialogue of a text."""
    return [row[2:] for row in cut(text) if row[0] == "d"]
