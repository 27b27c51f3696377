"""An EPUB's documents in the order of its spine, cut into chapters where its navigation says."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from narrator.errors import StoryError
from narrator.model import Book
from narrator.read.archive import Archive, join_path, open_archive
from narrator.read.epub.matter import reason_by_text, reason_by_title, reason_by_type, skipped
from narrator.read.epub.navigation import Entry, Navigation, read_navigation
from narrator.read.epub.package import Item, Package, read_package
from narrator.read.epub.starts import navigation_starts
from narrator.read.language import detect_language
from narrator.read.markup.blocks import Block, BlockKind
from narrator.read.markup.choices import as_chosen
from narrator.read.markup.compose import Start, chapters_of
from narrator.read.markup.front import (
    title_reason,
    with_headings,
    with_mottoes,
    without_licence,
    without_notes,
)
from narrator.read.markup.notes import find_notes
from narrator.read.markup.parse import (
    attribute,
    local_name,
    markup_text,
    parse_html,
    semantic_types,
)
from narrator.read.markup.ranks import heading_starts, rank_headings
from narrator.read.markup.story import title_of_file, with_front
from narrator.read.markup.styles import Styles, read_styles
from narrator.read.markup.walk import blocks_of
from narrator.read.options import DEFAULT_OPTIONS, Limits, Options, Reading

_OUTSIDE = "outside the reading order"
_ARCHIVES = ("archive of our own", "fanfiction.net", "archiveofourown")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """A document of the spine, parsed."""

    path: str
    root: etree._Element
    is_linear: bool = True


def read_epub(data: bytes, *, name: str, options: Options = DEFAULT_OPTIONS) -> Book:
    """Read an EPUB; see `narrator.read.read_book`.

    Raises
    ------
    StoryError
        It is damaged, protected, lacks a file of its reading order, or holds nothing to speak.
    """
    archive = open_archive(data, name=name, limits=options.limits)
    package = read_package(archive, name=name)
    navigation = read_navigation(archive, package, name=name)
    documents = _documents(archive, package, name)
    blocks, fields = without_licence(
        _blocks(archive, package, navigation, documents, options.reading)
    )
    facts = package.facts
    known = dict(fields)
    title = facts.title or known.get("title")
    author = facts.author or known.get("author")
    blocks = _without_names(blocks, title, author)
    blocks, starts = _starts(blocks, navigation, title, frozenset(d.path for d in documents))
    chapters = chapters_of(blocks, with_front(blocks, starts))
    if not chapters:
        raise StoryError(f"{name} has no words in it: there is nothing to speak")
    return Book(
        title=title or title_of_file(name),
        author=author,
        language=facts.language
        or detect_language("".join(chapter.text for chapter in chapters))
        or "en",
        year=facts.year,
        summary=facts.summary,
        series=facts.series,
        details=facts.details,
        cover=facts.cover,
        chapters=chapters,
    )


def _documents(archive: Archive, package: Package, name: str) -> list[_Document]:
    """Every document: the main line of the spine, then what stands beside it."""
    main = [item for item, is_linear in package.spine if is_linear]
    beside = [item for item, is_linear in package.spine if not is_linear]
    listed = {item.path for item, _ in package.spine}
    beside += [i for i in package.items if i.is_document and i.path not in listed]
    found: list[_Document] = []
    elements = 0
    for item in main:
        data = archive.read(item.path)
        elements = _counted(elements, data or b"", name, archive.limits)
        if data is None:
            raise StoryError(
                f"{name} is incomplete: {item.path}, which its spine lists, is missing"
            )
        found += _parsed(data, item, name, archive.limits)
    for item in beside:
        data = archive.read(item.path)
        if data is not None:
            elements = _counted(elements, data, name, archive.limits)
            found += (
                replace(document, is_linear=False)
                for document in _parsed(data, item, name, archive.limits)
            )
    return found


def _counted(elements: int, data: bytes, name: str, limits: Limits) -> int:
    """How many elements there are with those of one more document, which has a limit."""
    elements += data.count(b"<") // 2
    limits.check("elements", elements, name=name, noun="elements")
    return elements


def _parsed(data: bytes, item: Item, name: str, limits: Limits) -> list[_Document]:
    root = parse_html(data, name=f"{item.path} in {name}", limits=limits)
    return [] if root is None else [_Document(path=item.path, root=root)]


def _blocks(
    archive: Archive,
    package: Package,
    navigation: Navigation,
    documents: Sequence[_Document],
    reading: Reading,
) -> list[Block]:
    facts = package.facts
    said = " ".join(value for key, value in facts.details if key in ("Publisher", "Source"))
    on_archive = any(name in said.lower() for name in _ARCHIVES)
    notes = find_notes([(d.path, d.root) for d in documents], _resolve)
    types: dict[str, set[str]] = {}
    for path, kind in navigation.landmarks:
        types.setdefault(path, set()).add(kind)
    titles = _whole_file_titles(navigation.entries)
    sheets: dict[str, Styles] = {}
    found: list[Block] = []
    for document in documents:
        blocks = blocks_of(
            _body(document.root),
            source=document.path,
            styles=_styles(archive, document, sheets),
            notes=notes,
            on_archive=on_archive,
            reading=reading,
            resolve=_resolve,
        )
        reason = _reason(document, blocks, types, titles, package)
        if reason is not None:
            blocks = skipped(blocks, reason)
        found += _anchored(blocks, document.path)
    return as_chosen(found, reading)


def _reason(
    document: _Document,
    blocks: Sequence[Block],
    types: Mapping[str, set[str]],
    titles: Mapping[str, str],
    package: Package,
) -> str | None:
    """Why a whole document is not read."""
    if document.path == package.nav:
        return "table of contents"
    kinds = types.get(document.path, set()) | semantic_types(_body(document.root))
    reason = reason_by_type(kinds)
    if reason is None and document.path in titles:
        reason = reason_by_title(titles[document.path])
    if reason is None:
        facts = package.facts
        reason = reason_by_text(blocks, document.root, facts.title, facts.author)
    return reason if reason is not None or document.is_linear else _OUTSIDE


def _body(root: etree._Element) -> etree._Element:
    return next((child for child in root if local_name(child) == "body"), root)


def _anchored(blocks: list[Block], path: str) -> list[Block]:
    """Blocks whose first is where a link to the whole file leads."""
    if not blocks:
        return [Block(kind=BlockKind.BLANK, anchors=(path,))]
    return [replace(blocks[0], anchors=(path, *blocks[0].anchors)), *blocks[1:]]


def _resolve(source: str, href: str) -> str:
    path, fragment = join_path(source, href)
    return f"{path}#{fragment}"


def _whole_file_titles(entries: Sequence[Entry]) -> dict[str, str]:
    """Titles of those files to which only one entry leads, and that as a whole."""
    found: dict[str, list[Entry]] = {}
    waiting = list(entries)
    while waiting:
        entry = waiting.pop()
        waiting.extend(entry.children)
        found.setdefault(entry.target.partition("#")[0], []).append(entry)
    return {path: here[0].title for path, here in found.items() if path and len(here) == 1}


def _styles(archive: Archive, document: _Document, sheets: dict[str, Styles]) -> Styles:
    """What a document's style sheets say, its own in its head included."""
    classes = {}
    for element in document.root.iter():
        tag = local_name(element)
        if tag == "body":
            break
        if tag == "style":
            classes.update(read_styles(["".join(element.itertext())]).classes)
        elif tag == "link" and "stylesheet" in attribute(element, "rel").lower():
            path = join_path(document.path, attribute(element, "href"))[0]
            if path not in sheets:
                data = archive.read(path)
                text = _sheet(data, path, archive.limits) if data else ""
                sheets[path] = read_styles([text])
            classes.update(sheets[path].classes)
    return Styles(classes=classes)


def _sheet(data: bytes, path: str, limits: Limits) -> str:
    return markup_text(data, name=posixpath.basename(path), limits=limits)


def _without_names(blocks: Sequence[Block], title: str | None, author: str | None) -> list[Block]:
    """Blocks with the book's title and its author above the story skipped."""
    found = list(blocks)
    spoken = 0
    for index, block in enumerate(blocks):
        if not block.is_spoken:
            continue
        reason = title_reason(block.text, title, author)
        if reason is None:
            spoken += 1
        if spoken > 2:
            break
        if reason is not None:
            found[index] = replace(block, kind=BlockKind.SKIP, reason=reason, level=0)
    return found


def _starts(
    blocks: list[Block], navigation: Navigation, title: str | None, paths: frozenset[str]
) -> tuple[list[Block], list[Start]]:
    """Where chapters begin: as the navigation says, else the headings, the words, the files."""
    marked, starts = navigation_starts(blocks, navigation.entries, title)
    ranked = rank_headings(without_notes(blocks))
    by_heading = heading_starts(ranked)
    if _spoken_starts(marked, starts) >= min(2, max(1, _spoken_starts(ranked, by_heading))):
        return with_mottoes(without_notes(marked)), starts
    if not by_heading:
        ranked = with_headings(ranked)
        by_heading = heading_starts(ranked)
    if by_heading:
        return with_mottoes(ranked), by_heading
    files = [
        Start(at=index)
        for index, block in enumerate(ranked)
        if any(anchor in paths for anchor in block.anchors)
    ]
    return ranked, files or [Start(at=0)]


def _spoken_starts(blocks: Sequence[Block], starts: Sequence[Start]) -> int:
    """How many chapters would have something to speak."""
    ends = [*(start.at for start in starts[1:]), len(blocks)]
    return sum(
        1
        for start, end in zip(starts, ends, strict=False)
        if any(block.is_spoken for block in blocks[start.at : end])
    )
