"""`narrator.read.docx`."""

from __future__ import annotations

import pytest

from narrator.errors import StoryError
from tests.read.builders import docx, word_paragraph, word_part, word_run, zipped
from tests.read.values import headings, paragraphs, read, skips, titles

_TEXT = word_paragraph("It rained.")


def test_styles_make_title_and_chapters() -> None:
    data = docx(
        word_paragraph("The Mill", "Title")
        + word_paragraph("Chapter 1", "TOC1")
        + word_paragraph("The Wheel", "Heading1")
        + _TEXT
        + word_paragraph("The Weir", "Mine")
        + _TEXT
    )
    book = read(data, "mill.docx")
    assert (book.title, titles(book)) == ("The Mill", ["The Wheel", "The Weir"])
    assert [headings(chapter) for chapter in book.chapters] == [["The Wheel"], ["The Weir"]]
    assert skips(book) == [("title", "The Mill"), ("table of contents", "Chapter 1")]


def test_italics_by_run_and_by_style() -> None:
    runs = word_run("He ") + word_run("ran", "<w:i/>") + word_run(" off", '<w:i w:val="0"/>')
    data = docx(
        word_paragraph(runs + word_run(".", "<w:b/>"))
        + word_paragraph("Dear Tom", "Letter")
        + word_paragraph(word_run("row") + "<w:r><w:br/></w:r>"
                         + word_run("two"))
    )  # fmt: skip
    assert paragraphs(read(data, "mill.docx")) == ["He _ran_ off.", "_Dear Tom_", "row\ntwo"]


def test_what_is_beside_the_text() -> None:
    runs = (
        word_run("It rained")
        + "<w:r><w:footnoteReference w:id='1'/></w:r>"
        + f"<w:ins>{word_run(' all day')}</w:ins>"
        + "<w:del><w:r><w:delText>not</w:delText></w:r></w:del>"
        + word_run("secret", "<w:vanish/>")
        + word_run(".")
    )
    note = word_part("footnotes", f"<w:footnote w:id='1'>{word_paragraph('A note.')}</w:footnote>")
    head = word_part("hdr", word_paragraph("A. Miller / THE MILL"))
    core = (
        '<cp:coreProperties xmlns:cp="c" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>The Mill</dc:title><dc:creator>A. Miller</dc:creator></cp:coreProperties>"
    )
    more = {
        "word/footnotes.xml": note,
        "word/header1.xml": head,
        "docProps/core.xml": core,
    }
    book = read(docx(word_paragraph(runs), more=more), "draft.docx")
    assert (book.title, book.author) == ("The Mill", "A. Miller")
    assert paragraphs(book) == ["It rained all day."]
    assert skips(book) == [
        ("hidden", "secret"),
        ("footnote", "A note."),
        ("running head", "A. Miller / THE MILL"),
    ]


def test_without_styles_words_make_the_chapters_and_breaks() -> None:
    rows = [
        "Chapter 1",
        "It rained.",
        "It poured.",
        "",
        "It cleared.",
        "#",
        "It rained.",
        "It ended.",
    ]
    rows += ["Chapter 2", "It snowed."]
    book = read(docx("".join(map(word_paragraph, rows))), "mill.docx")
    assert titles(book) == ["Chapter 1", "Chapter 2"]
    assert paragraphs(book)[:4] == ["It rained.", "It poured.", "* * *", "It cleared."]


def test_tables_and_text_boxes_are_read_once() -> None:
    cell = f"<w:tbl><w:tr><w:tc>{word_paragraph('In a cell.')}</w:tc></w:tr></w:tbl>"
    box = (
        '<w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:txbxContent>'
        f"{word_paragraph('In a box.')}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>"
        f"{word_paragraph('In a box.')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
    )
    data = docx(cell + word_paragraph(word_run("Before.") + box))
    assert paragraphs(read(data, "mill.docx")) == ["In a cell.", "Before.", "In a box."]


def test_damage_is_named() -> None:
    with pytest.raises(StoryError, match=r"no word/document\.xml"):
        read(zipped({"[Content_Types].xml": "<Types/>"}), "mill.docx")
    whole = docx(_TEXT)
    with pytest.raises(StoryError, match="damaged"):
        read(whole[: len(whole) // 2], "mill.docx")
