"""The table of contents of an EPUB: what its chapters are called, and where they begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from narrator.read.archive import Archive, join_path
from narrator.read.epub.package import Package
from narrator.read.markup.characters import clean
from narrator.read.markup.parse import attribute, local_name, parse_html, parse_xml, semantic_types

_MAX_DEPTH = 12
"""Of nested entries; those deeper are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, with those below it."""

    title: str
    target: str
    """Path of a file, with ``#`` and a fragment where it leads inside; empty without a link."""
    children: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigation:
    """What an EPUB's navigation says."""

    entries: tuple[Entry, ...] = ()
    landmarks: tuple[tuple[str, str], ...] = ()
    """(path, type) of whole files."""


def read_navigation(archive: Archive, package: Package, *, name: str) -> Navigation:
    """The navigation document of EPUB 3, else the NCX of EPUB 2; nothing where both are broken."""
    entries: tuple[Entry, ...] = ()
    landmarks: list[tuple[str, str]] = []
    nav = archive.read(package.nav) if package.nav else None
    limits = archive.limits
    root = parse_html(nav, name=f"{package.nav} in {name}", limits=limits) if nav else None
    if root is not None and package.nav is not None:
        for element in root.iter():
            if local_name(element) != "nav":
                continue
            types = semantic_types(element)
            if "landmarks" in types:
                landmarks += _landmarks(element, package.nav)
            elif not entries and ("toc" in types or not types):
                entries = _list_entries(element, package.nav, 0)
    ncx = archive.read(package.ncx) if package.ncx and not entries else None
    root = parse_xml(ncx, name=f"{package.ncx} in {name}", limits=limits) if ncx else None
    if root is not None and package.ncx is not None:
        for element in root.iter():
            if local_name(element) == "navmap":
                entries = _ncx_entries(element, package.ncx, 0)
                break
    return Navigation(entries=entries, landmarks=(*package.guide, *landmarks))


def _words(element: etree._Element) -> str:
    return " ".join(clean("".join(element.itertext())).split())


def _target(base: str, href: str) -> str:
    if not href:
        return ""
    path, fragment = join_path(base, href)
    return f"{path}#{fragment}" if fragment else path


def _landmarks(nav: etree._Element, base: str) -> Iterator[tuple[str, str]]:
    for element in nav.iter():
        href = attribute(element, "href")
        if local_name(element) == "a" and href and "#" not in href:
            for kind in semantic_types(element):
                yield join_path(base, href)[0], kind


def _list_entries(element: etree._Element, base: str, depth: int) -> tuple[Entry, ...]:
    """The entries of the first list inside an element."""
    found = next((e for e in element.iter() if local_name(e) in ("ol", "ul")), None)
    if found is None or depth > _MAX_DEPTH:
        return ()
    return tuple(
        entry
        for item in found
        if local_name(item) == "li" and (entry := _list_entry(item, base, depth)) is not None
    )


def _list_entry(item: etree._Element, base: str, depth: int) -> Entry | None:
    label = next((e for e in item.iter() if local_name(e) in ("a", "span")), None)
    children = _list_entries(item, base, depth + 1)
    if label is None:
        return Entry(title="", target="", children=children) if children else None
    return Entry(
        title=_words(label), target=_target(base, attribute(label, "href")), children=children
    )


def _ncx_entries(element: etree._Element, base: str, depth: int) -> tuple[Entry, ...]:
    if depth > _MAX_DEPTH:
        return ()
    return tuple(
        _ncx_entry(point, base, depth) for point in element if local_name(point) == "navpoint"
    )


def _ncx_entry(point: etree._Element, base: str, depth: int) -> Entry:
    title = target = ""
    for child in point:
        if local_name(child) == "navlabel":
            title = title or _words(child)
        elif local_name(child) == "content":
            target = target or _target(base, attribute(child, "src"))
    return Entry(title=title, target=target, children=_ncx_entries(point, base, depth + 1))
