"""FictionBook 2 to a book.

See http://www.gribuser.ru/xml/fictionbook/2.0/ for the format. Its elements are renamed to those
of HTML that mean the same, and read as those are.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence

from lxml import etree

from narrator.errors import StoryError
from narrator.model import Book
from narrator.read.archive import open_archive
from narrator.read.header import language_tag
from narrator.read.markup.blocks import Block, BlockKind
from narrator.read.markup.characters import clean
from narrator.read.markup.choices import as_chosen
from narrator.read.markup.parse import attribute, local_name, parse_xml
from narrator.read.markup.story import Facts, story_of
from narrator.read.markup.walk import blocks_of
from narrator.read.options import DEFAULT_OPTIONS, Options

_RENAMED = {
    "emphasis": ("em", ""),
    "strikethrough": ("span", ""),
    "style": ("span", ""),
    "empty-line": ("p", ""),
    "cite": ("blockquote", ""),
    "poem": ("div", "poem"),
    "stanza": ("div", "stanza"),
    "epigraph": ("div", "epigraph"),
    "annotation": ("div", ""),
    "v": ("p", ""),
    "text-author": ("p", ""),
    "date": ("p", ""),
    "section": ("div", ""),
    "image": ("img", ""),
    "code": ("span", ""),
}
_NOTE_BODIES = ("notes", "footnotes", "endnotes", "comments")
_YEAR = re.compile(r"\b(1[0-9]\d\d|20\d\d)\b")
_MAX_COVER_CHARS = 24_000_000
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def read_fb2(data: bytes, *, name: str, options: Options = DEFAULT_OPTIONS) -> Book:
    """Read a FictionBook, alone or in a zip archive; see `narrator.read.read_book`.

    Raises
    ------
    StoryError
        It is damaged, or holds nothing to speak.
    """
    if data.startswith(b"PK\x03\x04"):
        archive = open_archive(data, name=name, limits=options.limits)
        inner = next((path for path in archive.names if path.lower().endswith(".fb2")), "")
        data = archive.read(inner) or b""
    root = parse_xml(data, name=name, limits=options.limits)
    bodies = [e for e in root if local_name(e) == "body"] if root is not None else []
    if root is None or not bodies:
        raise StoryError(f"{name} is no FictionBook, or a damaged one: it has no body")
    facts = _facts(root)
    blocks: list[Block] = []
    for index, body in enumerate(bodies):
        kind = attribute(body, "name").lower()
        _rename(body)
        found = blocks_of(body, reading=options.reading)
        if kind in _NOTE_BODIES or (index and kind):
            found = list(_notes(found))
        blocks += found
    return story_of(as_chosen(blocks, options.reading), facts, name=name)


def _notes(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks of a body of notes, skipped; each knows its note's names."""
    names: tuple[str, ...] = ()
    for block in blocks:
        names = block.anchors or names
        if block.text:
            yield Block(
                kind=BlockKind.SKIP,
                text=block.text,
                reason=block.reason or "footnote",
                note_names=() if block.kind is BlockKind.HEADING else names,
            )


def _rename(body: etree._Element) -> None:
    """Give the elements of a body the names that HTML has for them."""
    depths: dict[etree._Element, int] = {body: 0}
    for element in list(body.iter()):
        tag = local_name(element)
        parent = element.getparent()
        depth = depths.get(parent, 0) if parent is not None and element is not body else 0
        depths[element] = depth + (tag == "section")
        if tag in ("title", "subtitle") and element is not body:
            _make_heading(element, depth + (tag == "subtitle"), tag == "subtitle")
        elif tag == "a" and attribute(element, "type") == "note":
            element.set("class", "noteref")
        elif tag in _RENAMED:
            name, style = _RENAMED[tag]
            element.tag = name
            element.attrib.pop("class", None)
            if style:
                element.set("class", style)


def _make_heading(element: etree._Element, depth: int, is_subtitle: bool) -> None:
    """Make a heading of a title, whose paragraphs become rows."""
    rows = []
    is_plain = all(local_name(child) for child in element)
    for part in [*element] if len(element) and is_plain else [element]:
        row = " ".join("".join(part.itertext()).split())
        if row:
            rows.append(row)
    rows = rows or [" ".join("".join(element.itertext()).split())]
    is_words = any(map(str.isalnum, "".join(rows)))
    tail = element.tail
    if is_subtitle and len(element) and not any(local_name(e) == "p" for e in element):
        rows = [" ".join("".join(element.itertext()).split())]
    for child in list(element):
        element.remove(child)
    element.tag = f"h{min(depth + 1, 6)}" if is_words else "p"
    element.text = rows[0] if rows else ""
    for row in rows[1:]:
        etree.SubElement(element, "br").tail = row
    element.tail = tail


def _text(element: etree._Element | None) -> str:
    return " ".join(clean(" ".join(element.itertext())).split()) if element is not None else ""


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    if element is None:
        return None
    return next((e for e in element if local_name(e) == name), None)


def _facts(root: etree._Element) -> Facts:
    description = _child(root, "description")
    info = _child(description, "title-info")
    published = _child(description, "publish-info")
    if info is None:
        return Facts()
    authors = [_person(e) for e in info if local_name(e) == "author"]
    translators = [_person(e) for e in info if local_name(e) == "translator"]
    date = _child(info, "date")
    said = " ".join(
        filter(
            None,
            (
                attribute(date, "value") if date is not None else "",
                _text(date),
                _text(_child(published, "year")),
            ),
        )
    )
    year = _YEAR.search(said)
    details = [
        ("Genre", ", ".join(_text(e) for e in info if local_name(e) == "genre")),
        ("Translated by", " & ".join(filter(None, translators))),
        ("Publisher", _text(_child(published, "publisher"))),
    ]
    return Facts(
        title=_text(_child(info, "book-title")) or None,
        author=" & ".join(dict.fromkeys(filter(None, authors))) or None,
        language=language_tag(_text(_child(info, "lang"))),
        year=year[1] if year else None,
        summary=_text(_child(info, "annotation")) or None,
        series=_series(_child(info, "sequence")),
        details=tuple((key, value) for key, value in details if value),
        cover=_cover(root, _child(info, "coverpage")),
    )


def _person(element: etree._Element) -> str:
    parts = [_text(_child(element, f"{part}-name")) for part in ("first", "middle", "last")]
    return " ".join(filter(None, parts)) or _text(_child(element, "nickname"))


def _series(sequence: etree._Element | None) -> str | None:
    name = attribute(sequence, "name").strip() if sequence is not None else ""
    if sequence is None or not name:
        return None
    number = attribute(sequence, "number").strip()
    return f"{name}, Book {number}" if number and number != "0" else name


def _cover(root: etree._Element, page: etree._Element | None) -> bytes | None:
    image = _child(page, "image")
    wanted = attribute(image, "href").lstrip("#") if image is not None else ""
    for element in root:
        if wanted and local_name(element) == "binary" and attribute(element, "id") == wanted:
            text = element.text or ""
            if len(text) > _MAX_COVER_CHARS:
                return None
            try:
                data = base64.b64decode(text)
            except (binascii.Error, ValueError):
                return None
            return data if data.startswith(_PICTURES) else None
    return None
