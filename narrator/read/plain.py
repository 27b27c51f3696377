"""Plain text to a book."""

from __future__ import annotations

from narrator.model import Book, Chapter
from narrator.read.decode import decode


def read_plain(data: bytes, *, name: str) -> Book:
    """A book of one chapter."""
    text = decode(data, name=name)
    return Book(title=name, chapters=(Chapter(index=0, title="", text=text),))
