"""`[reading]`: notes, pictures and tables are read where the user wants them, in every format."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from narrator.model import Book
from narrator.read import Options, Reading, read_book
from narrator.read.options import Choice, Notes
from tests.read.builders import docx, epub, fb2, word_paragraph, word_part, word_run, xhtml
from tests.read.values import paragraphs, skips

_TABLE = "<table><tr><td>Rain</td><td>nine</td></tr><tr><td>Sun</td><td>one</td></tr></table>"


def _as_epub() -> bytes:
    story = (
        "<h2>One</h2><p>He ran<a epub:type='noteref' href='n.xhtml#n1'>1</a> home.</p>"
        f"<p>He slept.</p><p><img alt='A mill' src='m.jpg'/></p>{_TABLE}"
    )
    notes = "<h2>Notes</h2><p id='n1'><a href='a.xhtml'>1.</a> Too fast. ↩</p><p>2. Nobody's.</p>"
    return epub({"a.xhtml": xhtml(story), "n.xhtml": xhtml(notes)})


def _as_epub_with_asides() -> bytes:
    story = (
        "<h2>One</h2><p>He ran<a epub:type='noteref' href='#n1'>1</a> home.</p>"
        f"<p>He slept.</p><p><img alt='A mill' src='m.jpg'/></p>{_TABLE}"
        "<section epub:type='footnotes'><h3>Notes</h3>"
        "<aside epub:type='footnote' id='n1'><p>1 Too fast.</p></aside>"
        "<aside epub:type='footnote' id='n2'><p>2 Nobody's.</p></aside></section>"
    )
    return epub({"a.xhtml": xhtml(story)})


def _as_html() -> bytes:
    return (
        "<!DOCTYPE html><html><body><h2>One</h2><p>He ran<sup><a href='#n1' id='r1'>1</a></sup> "
        f"home.</p><p>He slept.</p><p><img alt='A mill' src='m.jpg'></p>{_TABLE}"
        "<ol class='footnotes'><li id='n1'>Too fast. <a href='#r1'>↩</a></li><li>Nobody's.</li>"
        "</ol></body></html>"
    ).encode()


def _as_markdown() -> bytes:
    return (
        b"## One\n\nHe ran[^1] home.\n\nHe slept.\n\n![A mill](m.jpg)\n\n"
        b"| Rain | nine |\n|---|---|\n| Sun | one |\n\n[^1]: Too fast.\n"
    )


def _as_docx() -> bytes:
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    picture = '<w:r><w:drawing><wp:docPr xmlns:wp="x" descr="A mill"/></w:drawing></w:r>'
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc>{word_paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in (("Rain", "nine"), ("Sun", "one"))
    )
    paragraphs = (
        word_paragraph("One", "Heading1")
        + word_paragraph(word_run("He ran") + reference + word_run(" home."))
        + word_paragraph("He slept.")
        + word_paragraph(picture)
        + f"<w:tbl>{rows}</w:tbl>"
    )
    notes = "".join(
        f'<w:footnote w:id="{n}">{word_paragraph(text)}</w:footnote>'
        for n, text in ((2, "Too fast."), (3, "Nobody's."))
    )
    return docx(paragraphs, more={"word/footnotes.xml": word_part("footnotes", notes)})


def _as_fb2() -> bytes:
    body = (
        "<body><section><title><p>One</p></title><p>He ran<a l:href='#n1' type='note'>1</a> home."
        "</p><p>He slept.</p><p><image alt='A mill' l:href='#m'/></p>"
        f"{_TABLE}</section></body>"
    )
    notes = (
        "<body name='notes'><section id='n1'><title><p>1</p></title><p>Too fast.</p></section>"
        "<section id='n2'><title><p>2</p></title><p>Nobody's.</p></section></body>"
    )
    return fb2(body + notes)


_FORMATS: dict[str, Callable[[], bytes]] = {
    "book.epub": _as_epub,
    "asides.epub": _as_epub_with_asides,
    "book.html": _as_html,
    "book.md": _as_markdown,
    "book.docx": _as_docx,
    "book.fb2": _as_fb2,
}
_STORY = ["He ran home.", "He slept."]
_ROWS = ["Rain, nine", "Sun, one"]


def _read(name: str, **chosen: object) -> Book:
    reading = Reading(**chosen)  # type: ignore[arg-type]
    return read_book(_FORMATS[name](), name=name, options=Options(reading=reading))


@pytest.mark.parametrize("name", _FORMATS)
def test_notes_and_pictures_are_skipped_and_tables_read_unless_told_otherwise(name: str) -> None:
    book = _read(name)
    assert paragraphs(book) == [*_STORY, *_ROWS]
    assert "picture" in {reason for reason, _ in skips(book)}
    assert any("Too fast." in text for reason, text in skips(book) if reason == "footnote")


@pytest.mark.parametrize("name", _FORMATS)
def test_a_note_is_read_after_the_paragraph_that_refers_to_it(name: str) -> None:
    book = _read(name, footnotes=Notes.IN_PLACE)
    assert paragraphs(book) == [_STORY[0], "Too fast.", _STORY[1], *_ROWS]
    assert not any("Too fast." in text for _, text in skips(book))
    if name != "book.md":
        assert any("Nobody's." in text for _, text in skips(book)), "nothing refers to it"


@pytest.mark.parametrize("name", _FORMATS)
def test_a_picture_is_read_by_its_words(name: str) -> None:
    assert paragraphs(_read(name, pictures=Choice.READ)) == [*_STORY, "A mill", *_ROWS]


@pytest.mark.parametrize("name", _FORMATS)
def test_a_table_is_skipped(name: str) -> None:
    book = _read(name, tables=Choice.SKIP)
    assert paragraphs(book) == _STORY
    assert ("table", "Rain, nine") in skips(book)


def test_a_note_that_two_refer_to_is_read_once() -> None:
    page = (
        "<html><body><p>One<sup><a href='#n'>1</a></sup>.</p><p>Two<sup><a href='#n'>1</a></sup>."
        "</p><p id='n'>1. So.</p></body></html>"
    )
    options = Options(reading=Reading(footnotes=Notes.IN_PLACE))
    book = read_book(page.encode(), name="a.html", options=options)
    assert paragraphs(book) == ["One.", "So.", "Two."]


def test_a_footnote_of_a_plain_text_is_read_where_it_stands() -> None:
    text = b"It rained.\n\n[Footnote 1: As ever.]\n\nHe left.\n"
    assert skips(read_book(text, name="a.txt")) == [("footnote", "[Footnote 1: As ever.]")]
    options = Options(reading=Reading(footnotes=Notes.IN_PLACE))
    assert not skips(read_book(text, name="a.txt", options=options))


def test_parts_are_read_by_the_reason_for_which_they_are_skipped() -> None:
    options = Options(reading=Reading(speak=("footnote",)))
    book = read_book(_as_fb2(), name="a.fb2", options=options)
    assert {reason for reason, _ in skips(book)} == {"note reference", "picture"}
