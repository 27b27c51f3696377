from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.markup import find_marks
from narrator.model import Book, Span
from narrator.read import DEFAULT_OPTIONS, read_book
from narrator.weave import read_marked

PLAIN = """\
The Bell

By N. N.

Chapter 1

The rain fell. "Hi," said Tom.
"Hi," said Anna.

Chapter 2: The Light

— It is late, said Tom.

* * *

Nobody came.

CHAPTER THREE

It ended.
"""
MARKDOWN = """\
# The Bell

By N. N.

## Chapter 1

The *rain* fell. "Hi," said **Tom**.
"Hi," said Anna.

## Chapter 2: The Light

> It is late.

* * *

Nobody came.

Chapter Three
-------------

It ended.
"""
STORIES = {"bell.txt": PLAIN, "bell.md": MARKDOWN}


def _read(text: str, name: str) -> tuple[Book, Book]:
    return read_marked(text.encode(), name=name, options=DEFAULT_OPTIONS)


def _shape(book: Book) -> tuple[str, str | None, list[tuple[str, list[str], list[str]]]]:
    """What a book is called and parted by, as its words without marks say it."""
    return (
        book.title,
        book.author,
        [
            (
                chapter.title,
                [" ".join(chapter.words_of(span).split()) for span in chapter.headings],
                [" ".join(chapter.words_of(skip.span).split()) for skip in chapter.skips],
            )
            for chapter in book.chapters
        ],
    )


def _text(book: Book) -> str:
    return "".join(chapter.text for chapter in book.chapters)


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize(
    ("row", "marked"),
    [
        ("The Bell", "{sound bell}\n\n{row}"),
        ("The Bell", "{speaker Tom}\n{row}"),
        ("The Bell", "{row} {pause 2s}"),
        ("By N. N.", "{sound bell}\n\n{row}"),
        ("By N. N.", "{row}{sound bell}"),
        ("Chapter 1", "{row} {sound bell}"),
        ("Chapter 1", "{pause 1s}\n\n{sound bell}\n\n{row}"),
        ("Chapter 2", "{sound bell} {row}"),
        ("Chapter 2", "Chapter {pause 1s}2"),
    ],
)
def test_marks_hide_no_title_and_no_heading(name: str, row: str, marked: str) -> None:
    plain = read_book(STORIES[name].encode(), name=name)
    if "{row}" in marked:
        row = next(whole for whole in STORIES[name].split("\n") if row in whole)
    text = STORIES[name].replace(row, marked.replace("{row}", row), 1)
    book, bare = _read(text, name)
    assert _shape(book) == _shape(bare) == _shape(plain)
    assert _text(book).count("{") == marked.replace("{row}", "").count("{")
    assert sum(len(chapter.markup) for chapter in book.chapters) >= 1


def test_marks_on_the_row_of_a_heading_are_in_its_chapter() -> None:
    text = PLAIN.replace("Chapter 2", "{sound bell} Chapter 2").replace("EE\n", "EE{pause 1s}\n")
    book, _ = _read(text, "bell.txt")
    assert [chapter.text.count("{") for chapter in book.chapters] == [0, 1, 1]


@pytest.mark.parametrize("name", STORIES)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_reading_with_marks_is_reading_without_them(name: str, data: st.DataObject) -> None:
    text = STORIES[name]
    rows = text.split("\n")
    written = [k for k, row in enumerate(rows) if row and row[0] not in "*-"]
    marks = st.sampled_from(("{sound bell}", "{pause 2s}", "{say Tom tomm}", "{speaker Anna}"))
    shapes = st.sampled_from(("{m} {row}", "{row} {m}", "{row}{m}", "{m}\n\n{row}"))
    places = data.draw(st.dictionaries(st.sampled_from(written), st.tuples(marks, shapes)))
    for k, (mark, shape) in places.items():
        rows[k] = shape.replace("{row}", rows[k]).replace("{m}", mark)
    marked = "\n".join(rows)
    book, bare = _read(marked, name)
    assert _shape(book) == _shape(bare) == _shape(read_book(text.encode(), name=name))
    assert _text(book).count("{") == len(places)
    words = [chapter.words_of(_whole(chapter.text)) for chapter in book.chapters]
    assert words == [chapter.text for chapter in bare.chapters]
    if name == "bell.txt":
        assert _text(book) == marked


def _whole(text: str) -> Span:
    return Span(0, len(text))


def test_windows_line_ends_change_nothing_of_what_a_mark_takes_with_it() -> None:
    text = PLAIN.replace("Nobody", "{pause 2s}\n\n{sound bell}\n\nNobody")
    cuts = find_marks(text)
    crlf = text.replace("\n", "\r\n")
    assert find_marks(crlf).left_of(crlf) == cuts.left_of(text).replace("\n", "\r\n")
