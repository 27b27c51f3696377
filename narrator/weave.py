"""A story read as if its author's marks were not in it, and the marks put back into it.

A reader knows a title, a byline or a heading by the row that it stands on: a mark there would hide
it. In plain text and Markdown the marks are taken out before anything is read. Of other formats
only what has been read shows them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from narrator.cuts import Cuts
from narrator.markup import find_marks, marks_in, with_markup, without_markup
from narrator.model import Book, Chapter, Span
from narrator.read import Options, read_book, suffixes
from narrator.read.decode import decode
from narrator.read.sniff import suffix_of

_MARKDOWN = (".md", ".markdown")
_PLAIN = (".txt", ".text")


def read_marked(data: bytes, *, name: str, options: Options) -> tuple[Book, Book]:
    """Read a story in which an author's marks count.

    Parameters
    ----------
    data, name, options
        See `narrator.read.read_book`.

    Returns
    -------
    marked : Book
        With the marks in its chapters' texts, and known for what they are.
    bare : Book
        The same without them.

    Raises
    ------
    StoryError
        See `narrator.read.read_book`.
    """
    suffix = suffix_of(data, name)
    is_plain = suffix in _PLAIN or suffix not in suffixes()
    if is_plain or suffix in _MARKDOWN:
        text = decode(data, name=name)
        cuts = find_marks(text)
        if cuts.spans:
            bare = read_book(cuts.left_of(text).encode(), name=name, options=options)
            if not is_plain:
                full = _text_of(read_book(data, name=name, options=options))
                text, cuts = _placed(_text_of(bare), full)
            if cuts.left_of(text) == _text_of(bare):
                return _woven(bare, text, cuts), bare
    marked = with_markup(read_book(data, name=name, options=options))
    return marked, without_markup(marked)


def _text_of(book: Book) -> str:
    return "".join(chapter.text for chapter in book.chapters)


def _woven(bare: Book, text: str, cuts: Cuts) -> Book:
    """The book with what was cut out of `text` back in its chapters."""
    starts, at = [0], 0
    for chapter in bare.chapters[:-1]:
        at += len(chapter.text)
        starts.append(_start_of(at, text, cuts))
    chapters = []
    at = 0
    for chapter, (start, end) in zip(bare.chapters, pairwise([*starts, len(text)]), strict=True):
        chapters.append(_chapter(chapter, at, Span(start, end), text, cuts))
        at += len(chapter.text)
    return replace(bare, chapters=tuple(chapters))


def _start_of(at: int, text: str, cuts: Cuts) -> int:
    """Where a chapter begins that begins at `at` without marks: with those on its first row."""
    first, after = cuts.back(at - 1) + 1, cuts.back(at)
    return after if text[first:after].endswith("\n") else first


def _chapter(bare: Chapter, at: int, whole: Span, text: str, cuts: Cuts) -> Chapter:
    """A chapter that begins at `at` of what is left, as one that is `whole` in the text."""

    def moved(span: Span) -> Span:
        last = cuts.back(at + span.end - 1) + 1
        return Span(cuts.back(at + span.start) - whole.start, last - whole.start)

    return replace(
        bare,
        text=whole.of(text),
        start=whole.start,
        markup=cuts.inside(whole).spans,
        headings=tuple(map(moved, bare.headings)),
        epigraphs=tuple(map(moved, bare.epigraphs)),
        skips=tuple(replace(skip, span=moved(skip.span)) for skip in bare.skips),
        forms=tuple(replace(formed, span=moved(formed.span)) for formed in bare.forms),
    )


_LETTER = re.compile(r"[^\W_]")
_REST_OF_ROW = re.compile(r"[ \t]*(?:\{[^{}\n]*\}[ \t]*)*(?:\n|\Z)")


def _placed(bare: str, full: str) -> tuple[str, Cuts]:
    """A rendered text with the marks at their places, and the marks in it.

    Parameters
    ----------
    bare, full
        It as rendered without the marks, and with them in the source: between two marks there are
        as many letters in both, but what a row is may not be the same.
    """
    letters = [match.start() for match in _LETTER.finditer(bare)]
    pieces: list[str] = []
    spans: list[Span] = []
    at = length = count = read = 0
    for mark in marks_in(full):
        count += len(_LETTER.findall(full, read, mark.start))
        read = mark.end
        place = max(at, _place(bare, letters, count, full, mark))
        pieces += (bare[at:place], mark.of(full))
        start = length + place - at
        length, at = start + len(mark), place
        if spans and spans[-1].end == start:
            spans[-1] = Span(spans[-1].start, length)
        else:
            spans.append(Span(start, length))
    return "".join((*pieces, bare[at:])), Cuts(tuple(spans))


def _place(bare: str, letters: list[int], count: int, full: str, mark: Span) -> int:
    """Where a mark belongs in the text without it, of which `count` letters come before it."""
    place = letters[min(count, len(letters)) - 1] + 1 if count else 0
    end = letters[count] if count < len(letters) else len(bare)
    row = full.rfind("\n", 0, mark.start) + 1
    for sign in _signs_before(full, mark.start):
        found = bare.find(sign, place, end)
        place = found + 1 if found >= 0 else place
    is_alone = _REST_OF_ROW.match(full, mark.end) is not None
    if not is_alone and not full[row : mark.start].strip():
        place += len(bare[place:end]) - len(bare[place:end].lstrip())
    return place


def _signs_before(text: str, at: int) -> list[str]:
    """What is neither letter nor space between the last letter before a place and the place."""
    start = at
    while start and not text[start - 1].isalnum():
        start -= 1
    return [char for char in text[start:at] if not char.isspace()]
