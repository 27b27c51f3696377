"""Bytes of a story to a book: one reader per format, found by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Protocol

from narrator.errors import StoryError
from narrator.model import Book
from narrator.read.sniff import suffix_of

__all__ = ["READERS_GROUP", "Reader", "read_book", "suffixes"]

READERS_GROUP = "narrator.readers"
"""Entry point group by which another package adds a reader; the name is the suffix: ``.epub``."""


class Reader(Protocol):
    """Turns the bytes of one format into a book."""

    def __call__(self, data: bytes, *, name: str) -> Book:
        """Read a whole file.

        Raises
        ------
        StoryError
            The bytes are not of this format, or hold nothing to speak.
        """


def _load_plain() -> Reader:
    from narrator.read.plain import read_plain

    return read_plain


def _load_epub() -> Reader:
    from narrator.read.epub import read_epub

    return read_epub


def _load_html() -> Reader:
    from narrator.read.html import read_html

    return read_html


def _load_markdown() -> Reader:
    from narrator.read.markdown import read_markdown

    return read_markdown


def _load_fb2() -> Reader:
    from narrator.read.fb2 import read_fb2

    return read_fb2


def _load_docx() -> Reader:
    from narrator.read.docx import read_docx

    return read_docx


_BUILT_IN: dict[str, Callable[[], Reader]] = {
    ".txt": _load_plain,
    ".text": _load_plain,
    ".epub": _load_epub,
    ".html": _load_html,
    ".htm": _load_html,
    ".xhtml": _load_html,
    ".md": _load_markdown,
    ".markdown": _load_markdown,
    ".fb2": _load_fb2,
    ".fbz": _load_fb2,
    ".docx": _load_docx,
}


@lru_cache(maxsize=1)
def _loaders() -> dict[str, Callable[[], Reader]]:
    """What loads the reader of each suffix; the program's own come before a third party's."""
    added = {entry.name.lower(): entry.load for entry in entry_points(group=READERS_GROUP)}
    return {**added, **_BUILT_IN}


def suffixes() -> tuple[str, ...]:
    """The file suffixes that have a reader, sorted."""
    return tuple(sorted(_loaders()))


def read_book(data: bytes, *, name: str) -> Book:
    """Read a story.

    Parameters
    ----------
    data
        The whole file.
    name
        Its file name: where the content does not say what it is, the suffix chooses the reader
        (plain text where there is none for it); messages name it, and a story that
        does not say its title is called after it. Nothing is opened.

    Returns
    -------
    Book
        Its chapters' texts, joined, are the decoded text of a plain file.

    Raises
    ------
    StoryError
        The file is empty, is not text, or holds nothing to speak.
    """
    suffix = suffix_of(data, name)
    load = _loaders().get(suffix, _load_plain)
    book = load()(data, name=name)
    if not any(char.isalnum() for chapter in book.chapters for char in chapter.text):
        raise StoryError(f"{name} has no words in it: there is nothing to speak")
    return book
