"""What holds for every reader: the same story in any format gives the same script."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable

import pytest

from narrator.attribute import attribute
from narrator.model import NARRATOR
from narrator.read import suffixes
from narrator.segment import segment
from tests.read.builders import docx, epub, fb2, pdf, word_paragraph, word_run, xhtml
from tests.read.values import read, spoken, titles

# Rows are paragraphs: chapters begin with "#", italics are _so_.
_STORY = """\
# Chapter 1: The Wheel
Rain fell on the mill all day, and Hannah Weir watched it from the _Lark_, her boat.
“Will it turn?” asked Hannah.
“It will,” said Tom Ode. “Give it _time_.”
_I have no time_, she thought. The wheel stood still.
* * *
By night the river had risen. Tom laughed.
“There she goes!” he cried.
# Chapter 2: The Weir
Hannah came back alone. “Tom?” she called, and no one answered.
“He is gone,” said Mrs. Ode. “He went with the water.”
“You let him go,” said Hannah.
"""
_ROWS = _STORY.strip().split("\n")


def _inline(row: str, tag: str) -> str:
    return re.sub(r"_(.+?)_", rf"<{tag}>\1</{tag}>", row)


def _html(rows: list[str]) -> str:
    found = ""
    for row in rows:
        if row.startswith("# "):
            found += f"<h2>{row[2:]}</h2>\n"
        elif row == "* * *":
            found += "<hr/>\n"
        else:
            found += f"<p>{_inline(row, 'em')}</p>\n"
    return found


def _as_plain() -> bytes:
    rows = [row.removeprefix("# ") for row in _ROWS]
    return "\n\n".join(["The Mill", "by A. Miller", *rows]).encode()


def _as_markdown() -> bytes:
    rows = [("## " + row[2:] if row[0] == "#" else row) for row in _ROWS]
    rows = [row.replace("_", "*") for row in rows]
    return "\n\n".join(["# The Mill", "by A. Miller", *rows]).encode()


def _as_html() -> bytes:
    body = f"<h1>The Mill</h1><p>by A. Miller</p>{_html(_ROWS)}"
    return f"<!DOCTYPE html><html lang='en'><body>{body}</body></html>".encode()


def _as_epub() -> bytes:
    second = next(n for n, row in enumerate(_ROWS) if n and row.startswith("#"))
    return epub({"a.xhtml": xhtml(_html(_ROWS[:second])), "b.xhtml": xhtml(_html(_ROWS[second:]))})


def _as_docx() -> bytes:
    found = word_paragraph("The Mill", "Title") + word_paragraph("by A. Miller")
    for row in _ROWS:
        if row.startswith("# "):
            found += word_paragraph(row[2:], "Heading1")
            continue
        pieces = row.split("_")
        found += word_paragraph(
            "".join(word_run(piece, "<w:i/>" if n % 2 else "") for n, piece in enumerate(pieces))
        )
    return docx(found)


def _as_fb2() -> bytes:
    sections = ""
    for row in _ROWS:
        if row.startswith("# "):
            end = "</section>" if sections else ""
            sections += f"{end}<section><title><p>{row[2:]}</p></title>"
        elif row == "* * *":
            sections += "<subtitle>* * *</subtitle>"
        else:
            sections += f"<p>{_inline(row, 'emphasis')}</p>"
    return fb2(f"<body><title><p>A. Miller</p><p>The Mill</p></title>{sections}</section></body>")


_ROW_CHARS = 76


def _as_pdf() -> bytes:
    # Marks of emphasis stand in the text as a typist sets them: fonts are not looked at.
    rows: list[tuple[float, float, str]] = [(72, 700, "The Mill"), (72, 670, "by A. Miller")]
    pages, outline = [rows], []
    y = 600.0
    for row in _ROWS:
        if row.startswith("# "):
            outline.append((row[2:], len(pages)))
            pages.append(rows := [])
            y = 700.0
        for n, printed in enumerate(textwrap.wrap(row.removeprefix("# "), _ROW_CHARS)):
            rows.append((72 if n or row[0] in "#*" else 90, y, printed))
            y -= 15
        y -= 15
    return pdf(pages, info={"Title": "The Mill", "Author": "A. Miller"}, outline=outline)


_FORMATS: dict[str, Callable[[], bytes]] = {
    ".txt": _as_plain,
    ".md": _as_markdown,
    ".html": _as_html,
    ".epub": _as_epub,
    ".docx": _as_docx,
    ".fb2": _as_fb2,
    ".pdf": _as_pdf,
}


@pytest.mark.parametrize("suffix", _FORMATS)
def test_the_same_story_gives_the_same_script(suffix: str) -> None:
    plain = read(_as_plain(), "mill.txt")
    book = read(_FORMATS[suffix](), f"mill{suffix}")
    assert (book.title, book.author, book.language) == ("The Mill", "A. Miller", "en")
    assert titles(book) == ["Chapter 1: The Wheel", "Chapter 2: The Weir"]
    assert spoken(book) == spoken(plain)
    script, wanted = (attribute(found, segment(found)) for found in (book, plain))
    speakers, expected = (
        [(line.segment.kind, line.speaker) for line in each.lines if line.speaker is not None]
        for each in (script, wanted)
    )
    assert speakers == expected
    assert {who for _, who in speakers} >= {NARRATOR, "hannah-weir"}


@pytest.mark.parametrize("suffix", [".html", ".epub", ".docx", ".fb2", ".pdf"])
def test_a_format_is_told_by_its_content_whatever_the_file_is_called(suffix: str) -> None:
    assert titles(read(_FORMATS[suffix](), "mill")) == titles(read(_as_plain(), "mill.txt"))


_PARTS = ("Part One", "Chapter 1", "Chapter 2", "Part Two", "Chapter 3")
_BELOW = "Rain fell on the mill all day, and the wheel stood still. " * 10


def _parted(suffix: str) -> bytes:
    rows = [(head, 1 if head.startswith("Part") else 2) for head in _PARTS]
    below = {head: "" if head.startswith("Part") else _BELOW for head in _PARTS}
    if suffix == ".txt":
        return "\n\n".join(f"{head}\n\n{below[head]}" for head in _PARTS).encode()
    if suffix == ".md":
        return "\n\n".join(f"{'#' * n} {head}\n\n{below[head]}" for head, n in rows).encode()
    if suffix == ".docx":
        return docx(
            "".join(
                word_paragraph(head, f"Heading{n}") + word_paragraph(below[head])
                for head, n in rows
            )
        )
    html = "".join(f"<h{n}>{head}</h{n}><p>{below[head]}</p>" for head, n in rows)
    if suffix == ".html":
        return f"<!DOCTYPE html><html><body>{html}</body></html>".encode()
    return epub({"a.xhtml": xhtml(html)})


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".epub", ".docx"])
def test_parts_over_chapters_are_named_alike(suffix: str) -> None:
    assert titles(read(_parted(suffix), f"mill{suffix}")) == [
        "Part One, Chapter 1",
        "Part One, Chapter 2",
        "Part Two, Chapter 3",
    ]


def test_every_reader_has_a_format_here() -> None:
    twins = {
        ".text": ".txt",
        ".markdown": ".md",
        ".htm": ".html",
        ".xhtml": ".html",
        ".fbz": ".fb2",
    }
    assert {twins.get(suffix, suffix) for suffix in suffixes()} == set(_FORMATS)
