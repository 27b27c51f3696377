"""Bytes of a story to a book: one reader per format, found by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol

from narrator.errors import StoryError
from narrator.model import Book
from narrator.plugins import load_plugin
from narrator.read.forms import with_forms
from narrator.read.options import DEFAULT_OPTIONS, Limits, Options, Reading
from narrator.read.sniff import suffix_of

__all__ = [
    "DEFAULT_OPTIONS",
    "READERS_GROUP",
    "Limits",
    "Options",
    "Reader",
    "Reading",
    "read_book",
    "suffixes",
]

READERS_GROUP = "narrator.readers"
"""Entry point group by which another package adds a reader; the name is the suffix: ``.epub``."""


class Reader(Protocol):
    """Turns the bytes of one format into a book."""

    def __call__(self, data: bytes, *, name: str, options: Options) -> Book:
        """Read a whole file.

        The chapters' texts, joined, are all the text that the file holds: what is not to be spoken
        is in them as a `Skip` with its reason. Nothing is opened, and no network used.

        Raises
        ------
        StoryError
            The bytes are not of this format, exceed `Options.limits`, or hold nothing to speak.
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


def _load_pdf() -> Reader:
    from narrator.read.pdf import read_pdf

    return read_pdf


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
    ".pdf": _load_pdf,
}


@lru_cache(maxsize=1)
def _loaders() -> dict[str, Callable[[], Reader]]:
    """What loads the reader of each suffix; the program's own come before a third party's."""
    added = {
        entry.name.lower(): _added(entry)
        for entry in sorted(entry_points(group=READERS_GROUP), key=lambda entry: entry.value)
    }
    return {**added, **_BUILT_IN}


def _added(entry: EntryPoint) -> Callable[[], Reader]:
    """What loads a third party's reader, its faults told as what they are."""

    def load() -> Reader:
        reader: Reader = load_plugin(entry, f"the reader for {entry.name}", StoryError)

        def read(data: bytes, *, name: str, options: Options) -> Book:
            try:
                book = reader(data, name=name, options=options)
            except StoryError:
                raise
            except Exception as exc:
                raise StoryError(
                    f"{name}: the reader for {entry.name} ({entry.value}) failed: "
                    f"{type(exc).__name__}: {exc}"
                ) from exc
            fault = _fault_of(book)
            if fault:
                raise StoryError(f"{name}: the reader for {entry.name} ({entry.value}) {fault}")
            return book

        return read

    return load


def _fault_of(book: object) -> str:
    """What is wrong with a book for what comes after it; empty where nothing is."""
    if not isinstance(book, Book):
        return f"gave no Book but a {type(book).__name__}"
    start = 0
    for index, chapter in enumerate(book.chapters):
        if (chapter.index, chapter.start) != (index, start):
            return f"gave chapters that do not follow on one another, from chapter {index + 1} on"
        start += len(chapter.text)
        apart = sorted([*chapter.headings, *chapter.epigraphs, *(s.span for s in chapter.skips)])
        ends = [0, *(span.end for span in apart)]
        starts = [*(span.start for span in apart), len(chapter.text)]
        if any(end > begin for end, begin in zip(ends, starts, strict=True)):
            return f"gave headings or skips that overlap in chapter {index + 1}"
    return ""


def suffixes() -> tuple[str, ...]:
    """The file suffixes that have a reader, sorted."""
    return tuple(sorted(_loaders()))


def read_book(data: bytes, *, name: str, options: Options = DEFAULT_OPTIONS) -> Book:
    """Read a story.

    Parameters
    ----------
    data
        The whole file.
    name
        Its file name: where the content does not say what it is, the suffix chooses the reader
        (plain text where there is none for it); messages name it, and a story that
        does not say its title is called after it. Nothing is opened.
    options
        What is read of that which is not the story, and how large it may be.

    Returns
    -------
    Book
        Its chapters' texts, joined, are the decoded text of a plain file.

    Raises
    ------
    StoryError
        The file is empty, is not text, is too large, or holds nothing to speak.
    """
    options.limits.check("file_mb", len(data), name=name, noun="data")
    suffix = suffix_of(data, name)
    load = _loaders().get(suffix, _load_plain)
    book = load()(data, name=name, options=options)
    if not any(char.isalnum() for chapter in book.chapters for char in chapter.text):
        raise StoryError(f"{name} has no words in it: there is nothing to speak")
    options.limits.check("chapters", len(book.chapters), name=name, noun="chapters")
    return with_forms(_with_spoken(book, frozenset(options.reading.speak)))


def _with_spoken(book: Book, reasons: frozenset[str]) -> Book:
    """The book with those parts to be read that are skipped for one of `reasons`."""
    if not reasons:
        return book
    chapters = tuple(
        replace(chapter, skips=tuple(s for s in chapter.skips if s.reason not in reasons))
        for chapter in book.chapters
    )
    return replace(book, chapters=chapters)
