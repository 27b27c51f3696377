"""`narrator.read.fb2`."""

from __future__ import annotations

import base64

import pytest

from narrator.errors import StoryError
from tests.read.builders import fb2, zipped
from tests.read.values import headings, paragraphs, read, skips, spoken, titles

_SECTIONS = (
    "<section><title><p>Part One</p></title>"
    "<section><title><p>Chapter 1</p><p>The Wheel</p></title><p>It <emphasis>rained</emphasis>."
    '<a l:href="#n1" type="note">[1]</a></p><empty-line/><p>“So?”</p></section>'
    "<section><title><p>Chapter 2</p></title><subtitle>* * *</subtitle><p>It snowed.</p>"
    "<subtitle>Later</subtitle><p>It thawed.</p></section></section>"
)


def test_sections_are_chapters_below_parts() -> None:
    book = read(fb2(f"<body>{_SECTIONS}</body>"), "mill.fb2")
    assert (book.title, book.author, book.language) == ("The Mill", "A. Miller", "en")
    assert titles(book) == ["Part One, Chapter 1: The Wheel", "Part One, Chapter 2"]
    assert headings(book.chapters[0]) == ["Part One", "Chapter 1\nThe Wheel"]
    assert headings(book.chapters[1]) == ["Chapter 2", "Later"]
    assert ("dialogue", "“So?”") in spoken(book)
    assert "It _rained_." in paragraphs(book)


def test_notes_verse_and_epigraphs() -> None:
    body = (
        "<body><title><p>The Mill</p></title><epigraph><p>All mills turn.</p><text-author>Ode"
        "</text-author></epigraph><section><title><p>1</p></title><poem><stanza><v>It turned,</v>"
        '<v>it turned.</v></stanza></poem><p>So.<a l:href="#n1" type="note">1</a></p></section>'
        "<section><title><p>2</p></title><p>And.</p></section></body>"
        '<body name="notes"><section id="n1"><title><p>1</p></title><p>Or not.</p></section></body>'
    )
    book = read(fb2(body), "mill.fb2")
    chapter = book.chapters[0]
    assert [e.of(chapter.text) for e in chapter.epigraphs] == ["All mills turn.\nOde"] or [
        e.of(chapter.text) for e in chapter.epigraphs
    ] == ["All mills turn.", "Ode"]
    assert "It turned,\nit turned." in paragraphs(book)
    assert [text for reason, text in skips(book) if reason == "footnote"] == ["1", "Or not."]
    assert titles(book) == ["Chapter 1", "Chapter 2"]


def test_metadata_and_cover() -> None:
    info = (
        "<genre>sf</genre><author><first-name>Анна</first-name><last-name>Мельник</last-name>"
        "</author><book-title>Мельница</book-title><annotation><p>О мельнице.</p></annotation>"
        '<lang>ru</lang><date value="1911-01-01">1911</date><coverpage><image l:href="#c.jpg"/>'
        '</coverpage><sequence name="Реки" number="2"/>'
    )
    cover = b"\xff\xd8\xff picture"
    binary = (
        f'<binary id="c.jpg" content-type="image/jpeg">{base64.b64encode(cover).decode()}</binary>'
    )
    data = fb2(
        "<body><section><p>— Привет, — сказал он.</p></section></body>",
        info=info,
        more=binary,
        encoding="windows-1251",
    )
    for name, packed in (("mill.fb2", data), ("mill.fb2.zip", zipped({"mill.fb2": data}))):
        book = read(packed, name)
        assert (book.title, book.author, book.language) == ("Мельница", "Анна Мельник", "ru")
        assert (book.series, book.year, book.summary) == ("Реки, Book 2", "1911", "О мельнице.")
        assert (book.cover, book.details) == (cover, (("Genre", "sf"),))
        assert paragraphs(book) == ["— Привет, — сказал он."]


def test_damage_is_named_or_mended() -> None:
    with pytest.raises(StoryError, match="has no body"):
        read(b"<FictionBook></FictionBook>", "mill.fb2")
    cut = fb2("<body><section><p>It rained.</p><p>It snowed &unknown; all day")
    assert paragraphs(read(cut, "mill.fb2"))[0] == "It rained."


def test_an_entity_that_nothing_declares_in_a_title() -> None:
    book = read(
        fb2("<body><section><title>One &a; two</title><p>So.</p></section></body>"), "a.fb2"
    )
    assert paragraphs(book) == ["So."]
