"""A word processor's document (Office Open XML, ECMA-376) to a book.

Its paragraphs are written as the HTML that means the same, and read as that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from narrator.errors import StoryError
from narrator.model import Book
from narrator.read.archive import Archive, open_archive
from narrator.read.header import language_tag
from narrator.read.markup.blocks import Block, BlockKind
from narrator.read.markup.characters import clean
from narrator.read.markup.choices import as_chosen
from narrator.read.markup.parse import attribute, local_name, parse_xml
from narrator.read.markup.story import Facts, story_of
from narrator.read.markup.walk import blocks_of
from narrator.read.options import DEFAULT_OPTIONS, Options

_BESIDE = (
    (re.compile(r"word/(?:foot|end)notes\.xml"), "footnote"),
    (re.compile(r"word/header\d*\.xml"), "running head"),
    (re.compile(r"word/footer\d*\.xml"), "running foot"),
)
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_CONTENTS = re.compile(r"toc(?: heading|\s?\d)", re.IGNORECASE)
_OFF = ("0", "false", "off", "none")
_MAX_BASES = 12
"""Styles that a style may be based on, one on the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """What a style says of a paragraph or a run."""

    level: int = 0
    """1 for the title, 2 for ``Heading 1``; 0 for what is no heading."""
    italic: bool = False
    bold: bool = False
    is_contents: bool = False


def read_docx(data: bytes, *, name: str, options: Options = DEFAULT_OPTIONS) -> Book:
    """Read a DOCX; see `narrator.read.read_book`.

    Raises
    ------
    StoryError
        It is damaged or encrypted, or holds nothing to speak.
    """
    archive = open_archive(data, name=name, limits=options.limits)
    root = _part(archive, "word/document.xml", name)
    if root is None:
        raise StoryError(f"{name} is no DOCX, or a damaged one: it has no word/document.xml")
    styles = _styles(_part(archive, "word/styles.xml", name))
    body = etree.Element("body")
    for paragraph, holder in _placed(root, body):
        _write(holder, paragraph, styles)
    beside = [
        block
        for path in archive.names
        for pattern, reason in _BESIDE
        if pattern.fullmatch(path)
        for block in _skipped(_part(archive, path, name), reason)
    ]
    facts = _core(_part(archive, "docProps/core.xml", name))
    found = [*blocks_of(body, reading=options.reading), *beside]
    return story_of(as_chosen(found, options.reading), Facts(), name=name, hints=facts)


def _part(archive: Archive, path: str, name: str) -> etree._Element | None:
    data = archive.read(path)
    return parse_xml(data, name=f"{path} in {name}", limits=archive.limits) if data else None


def _paragraphs(root: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs in order, those in tables and text boxes included, each once."""
    events = etree.iterwalk(root, events=("start",))
    for _, element in events:
        tag = local_name(element)
        if tag == "fallback":
            events.skip_subtree()  # a text box again, for programs that cannot read the first
        elif tag == "p":
            yield element


def _placed(
    root: etree._Element, body: etree._Element
) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Paragraphs in order, each with the HTML element to write it in: the body, or a cell."""
    cells: dict[etree._Element, etree._Element] = {}
    rows: dict[etree._Element, etree._Element] = {}
    for paragraph in _paragraphs(root):
        cell = next((e for e in paragraph.iterancestors() if local_name(e) == "tc"), None)
        row = cell.getparent() if cell is not None else None
        if cell is None or row is None:
            yield paragraph, body
            continue
        if row not in rows:
            rows[row] = etree.SubElement(etree.SubElement(body, "table"), "tr")
        if cell not in cells:
            cells[cell] = etree.SubElement(rows[row], "td")
        yield paragraph, cells[cell]


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    if element is None:
        return None
    return next((e for e in element if local_name(e) == name), None)


def _is_on(properties: etree._Element | None, name: str) -> bool | None:
    """Whether a switch as ``<w:i/>`` is on; None where it is not there."""
    found = _child(properties, name)
    return None if found is None else attribute(found, "val").lower() not in _OFF


def _styles(root: etree._Element | None) -> dict[str, _Style]:
    """What each style says, with what the styles below it say."""
    found: dict[str, etree._Element] = {}
    for element in root if root is not None else ():
        if local_name(element) == "style":
            found.setdefault(attribute(element, "styleId"), element)
    return {key: _style(found, key) for key in found}


def _style(found: dict[str, etree._Element], key: str) -> _Style:
    level = 0
    italic: bool | None = None
    bold: bool | None = None
    is_contents = False
    for _ in range(_MAX_BASES):
        element = found.get(key)
        if element is None:
            break
        name = _child(element, "name")
        said = attribute(name, "val") if name is not None else key
        heading = _HEADING.fullmatch(said.strip())
        outline = _child(_child(element, "ppr"), "outlinelvl")
        if not level and said.strip().lower() == "title":
            level = 1
        elif not level and heading is not None:
            level = int(heading[1]) + 1
        elif not level and outline is not None and attribute(outline, "val").isdecimal():
            level = int(attribute(outline, "val")[:2]) + 2
        is_contents = is_contents or _CONTENTS.fullmatch(said.strip()) is not None
        properties = _child(element, "rpr")
        italic = _is_on(properties, "i") if italic is None else italic
        bold = _is_on(properties, "b") if bold is None else bold
        base = _child(element, "basedon")
        key = attribute(base, "val") if base is not None else ""
    return _Style(
        level=level if 1 <= level <= 7 else 0,
        italic=bool(italic),
        bold=bool(bold),
        is_contents=is_contents,
    )


def _write(holder: etree._Element, paragraph: etree._Element, styles: dict[str, _Style]) -> None:
    """Add a paragraph to the HTML."""
    properties = _child(paragraph, "ppr")
    style = _style_of(properties, "pstyle", styles)
    outline = _child(properties, "outlinelvl")
    level = style.level
    if outline is not None and attribute(outline, "val").isdecimal():
        level = int(attribute(outline, "val")[:2]) + 2
    is_alone = holder.tag == "td" and _is_alone(paragraph)
    tag = "span" if is_alone else f"h{min(level, 6)}" if 1 <= level <= 7 else "p"
    written = etree.SubElement(holder, tag)
    if style.is_contents:
        written.set("class", "toc")
    for run in _runs(paragraph):
        _write_run(written, run, style, styles)


def _is_alone(paragraph: etree._Element) -> bool:
    """Whether a cell holds no paragraph but this."""
    cell = paragraph.getparent()
    return cell is not None and sum(1 for e in cell if local_name(e) in ("p", "tbl")) == 1


def _style_of(properties: etree._Element | None, name: str, styles: dict[str, _Style]) -> _Style:
    found = _child(properties, name)
    key = attribute(found, "val") if found is not None else ""
    return styles.get(key, _Style())


def _runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The runs of a paragraph, those of a text box in it and those deleted left out."""
    events = etree.iterwalk(paragraph, events=("start",))
    for _, element in events:
        tag = local_name(element)
        if tag in ("del", "movefrom", "txbxcontent", "fallback") or (
            tag == "p" and element is not paragraph
        ):
            events.skip_subtree()
        elif tag == "r":
            yield element


def _write_run(
    written: etree._Element, run: etree._Element, style: _Style, styles: dict[str, _Style]
) -> None:
    properties = _child(run, "rpr")
    own = _style_of(properties, "rstyle", styles)
    italic, bold = _is_on(properties, "i"), _is_on(properties, "b")
    target = written
    if own.italic or style.italic if italic is None else italic:
        target = etree.SubElement(target, "i")
    if own.bold or style.bold if bold is None else bold:
        target = etree.SubElement(target, "b")
    if target is written:
        target = etree.SubElement(target, "span")
    if _is_on(properties, "vanish"):
        target.set("hidden", "hidden")
    for element in run:
        tag = local_name(element)
        if tag == "t":
            _append(target, element.text or "")
        elif tag in ("tab", "ptab"):
            _append(target, " ")
        elif tag == "nobreakhyphen":
            _append(target, "-")
        elif tag == "cr" or (tag == "br" and attribute(element, "type") not in ("page", "column")):
            etree.SubElement(target, "br")
        elif tag in ("footnotereference", "endnotereference"):
            link = etree.SubElement(target, "a", {"class": "noteref"})
            link.set("href", f"#{tag.removesuffix('reference')}{attribute(element, 'id')}")
        elif tag == "drawing":
            _write_picture(target, element)


def _write_picture(target: etree._Element, drawing: etree._Element) -> None:
    """A picture, by the words that stand for it."""
    described = next((e for e in drawing.iter() if local_name(e) == "docpr"), None)
    alt = attribute(described, "descr") if described is not None else ""
    if alt.strip():
        etree.SubElement(target, "img").set("alt", alt)


def _append(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _skipped(root: etree._Element | None, reason: str) -> list[Block]:
    """The paragraphs of a part that is not the story's."""
    found = []
    for paragraph in _paragraphs(root) if root is not None else ():
        pieces = (e.text or "" for e in paragraph.iter() if local_name(e) == "t")
        text = " ".join(clean("".join(pieces)).split())
        above = ((local_name(e), attribute(e, "id")) for e in paragraph.iterancestors())
        names = tuple(f"#{tag}{key}" for tag, key in above if tag in ("footnote", "endnote"))
        if text:
            found.append(Block(kind=BlockKind.SKIP, text=text, reason=reason, note_names=names))
    return found


def _core(root: etree._Element | None) -> Facts:
    """What the file's properties say; editors fill them with what the author never wrote."""
    said = (
        {local_name(e): " ".join(clean(e.text or "").split()) for e in root}
        if root is not None
        else {}
    )
    return Facts(
        title=said.get("title") or None,
        author=said.get("creator") or None,
        language=language_tag(said["language"]) if said.get("language") else None,
        summary=said.get("description") or None,
    )
