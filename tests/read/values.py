"""Books as the tests look at them."""

from __future__ import annotations

from narrator.ledger import check_segments
from narrator.model import Book, Chapter, SegmentKind
from narrator.read import DEFAULT_OPTIONS, Options, read_book
from narrator.segment import segment


def read(data: bytes, name: str, options: Options = DEFAULT_OPTIONS) -> Book:
    """A book whose chapters and segments tile it."""
    book = read_book(data, name=name, options=options)
    check_segments(book, segment(book))
    starts = [chapter.start for chapter in book.chapters]
    lengths = [len(chapter.text) for chapter in book.chapters]
    assert starts == [sum(lengths[:n]) for n in range(len(lengths))]
    assert [chapter.index for chapter in book.chapters] == list(range(len(lengths)))
    return book


def titles(book: Book) -> list[str]:
    """Of its chapters."""
    return [chapter.title for chapter in book.chapters]


def headings(chapter: Chapter) -> list[str]:
    """What its headings say."""
    return [span.of(chapter.text) for span in chapter.headings]


def skips(book: Book) -> list[tuple[str, str]]:
    """(reason, text) of all that is skipped."""
    return [(s.reason, s.span.of(c.text)) for c in book.chapters for s in c.skips]


def spoken(book: Book) -> list[tuple[str, str]]:
    """(kind, text) of the segments that are not skipped."""
    return [
        (s.kind.value, s.span.of(book.chapters[s.chapter].text).strip())
        for s in segment(book)
        if s.kind is not SegmentKind.SKIPPED
    ]


def paragraphs(book: Book) -> list[str]:
    """Texts that are spoken, headings left out, a scene break among them."""
    found = []
    for chapter in book.chapters:
        apart = {span.of(chapter.text) for span in chapter.headings}
        apart |= {skip.span.of(chapter.text) for skip in chapter.skips}
        found += [p for p in chapter.text.strip().split("\n\n") if p not in apart]
    return found
