"""`narrator.read.markdown`."""

from __future__ import annotations

import pytest

from narrator.errors import StoryError
from narrator.model import Book
from tests.read.values import headings, paragraphs, read, skips, spoken, titles


def book_of(text: str) -> Book:
    return read(text.encode(), "draft.md")


def test_headings_are_title_and_chapters() -> None:
    book = book_of("# The Mill\n\nIntro.\n\n## One\n\nIt rained.\n\n## Two\n\nIt snowed.\n")
    assert book.title == "The Mill"
    assert titles(book) == ["Chapter One", "Chapter Two"]
    assert ("title", "The Mill") in skips(book)
    assert paragraphs(book) == ["Intro.", "It rained.", "It snowed."]


def test_top_headings_are_chapters_where_there_are_several() -> None:
    book = book_of("# The Wheel\n\nIt rained.\n\n# The Weir\n\nIt snowed.\n")
    assert (book.title, titles(book)) == ("draft", ["The Wheel", "The Weir"])


def test_front_matter() -> None:
    book = book_of(
        '---\ntitle: "The Mill: A Tale"\nauthor: A. Miller\nlanguage: de\n'
        "tags:\n  - water\n  - stone\nsummary: >\n  A mill\n  turns.\nseries: [Rivers]\n---\n"
        "It rained.\n"
    )
    assert (book.title, book.author, book.language) == ("The Mill: A Tale", "A. Miller", "de")
    assert (book.summary, book.series) == ("A mill turns.", "Rivers")
    assert ("tags", "water, stone") in book.details
    assert paragraphs(book) == ["It rained."]
    assert [reason for reason, _ in skips(book)] == ["front matter"]


def test_a_date_in_front_matter_tells_the_year() -> None:
    book = book_of(
        "---\ntitle: Mill\nauthors: [A. Miller, B. Weir]\ndate: 2019-04-01\n---\nIt rained.\n"
    )
    assert (book.title, book.author, book.year) == ("Mill", "A. Miller, B. Weir", "2019")


def test_a_rule_on_top_is_no_front_matter() -> None:
    assert paragraphs(book_of("---\n\nIt rained.\n\n---\n\nIt snowed.\n")) == [
        "It rained.",
        "* * *",
        "It snowed.",
    ]


def test_emphasis_links_and_breaks() -> None:
    book = book_of(
        "It *rained* __hard__ on [the mill](http://mill.example) \\*there\\*.\nThat was all.\n---\n"
        "    “No,” he said.\n\n***\n\n"
        "> A letter,  \n> in two rows\n\nCaf&eacute;<!-- cut --> ~~so~~.\n"
    )
    assert paragraphs(book) == [
        "It _rained_ **hard** on the mill *there*. That was all.",
        "* * *",
        "“No,” he said.",
        "* * *",
        "A letter,\nin two rows",
        "Café so.",
    ]
    assert ("dialogue", "“No,”") in spoken(book)


def test_footnotes_are_skipped() -> None:
    book = book_of("It rained.[^1] Much.\n\n[^1]: It did not.\n")
    assert paragraphs(book) == ["It rained. Much."]
    assert [reason for reason, _ in skips(book)] == ["note reference", "footnote"]


def test_without_headings_words_make_the_chapters() -> None:
    book = book_of("**Chapter 1**\n\nIt rained.\n\n**Chapter 2**\n\nIt snowed.\n")
    assert [headings(chapter) for chapter in book.chapters] == [["Chapter 1"], ["Chapter 2"]]


def test_nothing_to_speak_is_named() -> None:
    with pytest.raises(StoryError, match=r"^draft\.md has no words"):
        book_of("---\n\n***\n")
