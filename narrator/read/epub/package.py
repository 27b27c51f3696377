"""The package of an EPUB: what it says of the book, and which files it is made of, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from narrator.errors import StoryError
from narrator.read.archive import Archive, join_path
from narrator.read.header import language_tag
from narrator.read.markup.characters import clean
from narrator.read.markup.parse import attribute, local_name, parse_html_text, parse_xml
from narrator.read.markup.shown import shown_text
from narrator.read.markup.story import Facts
from narrator.read.options import Limits

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PACKAGE_TYPE = "application/oebps-package+xml"
_FONT_ALGORITHMS = (
    "http://www.idpf.org/2008/embedding",
    "http://ns.adobe.com/pdf/enc#RC",
)
_FONTS = (".otf", ".ttf", ".woff", ".woff2", ".ttc")
_DOCUMENTS = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/html")
_DOCUMENT_SUFFIXES = (".xhtml", ".html", ".htm", ".xht")
_YEAR = re.compile(r"\b(1[0-9]\d\d|20\d\d)\b")
_MAX_COVER_BYTES = 16 * 1024 * 1024
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file that the package lists."""

    id: str
    path: str
    media_type: str
    properties: frozenset[str] = frozenset()

    @property
    def is_document(self) -> bool:
        """Whether it holds text to read."""
        if self.media_type:
            return self.media_type in _DOCUMENTS
        return self.path.lower().endswith(_DOCUMENT_SUFFIXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What an EPUB's package says."""

    path: str
    facts: Facts
    items: tuple[Item, ...]
    spine: tuple[tuple[Item, bool], ...]
    """Documents in reading order, and whether each is in the main line of it."""
    ncx: str | None
    nav: str | None
    guide: tuple[tuple[str, str], ...]
    """(path, type) of what ``guide`` names: ``cover``, ``toc``, ``copyright-page``."""


def read_package(archive: Archive, *, name: str) -> Package:
    """Read the package of an EPUB.

    Raises
    ------
    StoryError
        There is none, it lists nothing to read, or the book is protected.
    """
    path = _package_path(archive, name)
    root = parse_xml(archive.read(path) or b"", name=f"{path} in {name}", limits=archive.limits)
    if root is None:
        raise StoryError(f"{name} is damaged: its package {path} cannot be read")
    items = _items(root, path)
    _refuse_protected(archive, items, name)
    spine = _spine(root, items)
    if not spine:
        raise StoryError(f"{name} lists no document to read in {path}: it has no spine")
    return Package(
        path=path,
        facts=_facts(root, items, archive, path),
        items=tuple(items.values()),
        spine=tuple(spine),
        ncx=_ncx(root, items),
        nav=next((i.path for i in items.values() if "nav" in i.properties), None),
        guide=tuple(_guide(root, path)),
    )


def _package_path(archive: Archive, name: str) -> str:
    container = archive.read(_CONTAINER)
    root = (
        parse_xml(container, name=f"{_CONTAINER} in {name}", limits=archive.limits)
        if container
        else None
    )
    found = [
        attribute(element, "full-path")
        for element in (root.iter() if root is not None else ())
        if local_name(element) == "rootfile"
        and attribute(element, "media-type") in (_PACKAGE_TYPE, "")
    ]
    others = [path for path in archive.names if path.lower().endswith(".opf")]
    for path in [*found, *others]:
        member = archive.find(path) if path else None
        if member is not None:
            return member
    raise StoryError(f"{name} is no EPUB, or a damaged one: it has no package (.opf) inside")


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (element for element in root.iter() if local_name(element) == name)


def _items(root: etree._Element, path: str) -> dict[str, Item]:
    """The manifest by id; of two items with one id the first counts."""
    items: dict[str, Item] = {}
    for manifest in _named(root, "manifest"):
        for element in manifest:
            href = attribute(element, "href")
            if local_name(element) != "item" or not href:
                continue
            identifier = attribute(element, "id") or f"#{len(items)}"
            items.setdefault(
                identifier,
                Item(
                    id=identifier,
                    path=join_path(path, href)[0],
                    media_type=attribute(element, "media-type").strip().lower(),
                    properties=frozenset(attribute(element, "properties").split()),
                ),
            )
    return items


def _spine(root: etree._Element, items: dict[str, Item]) -> list[tuple[Item, bool]]:
    """Documents in reading order; in the manifest's where the spine names none of them."""
    spine: dict[str, tuple[Item, bool]] = {}
    for element in _named(root, "itemref"):
        item = items.get(attribute(element, "idref"))
        if item is not None and item.is_document:
            is_linear = attribute(element, "linear").strip().lower() != "no"
            spine.setdefault(item.path, (item, is_linear))
    if not any(is_linear for _, is_linear in spine.values()):
        documents = [i for i in items.values() if i.is_document and "nav" not in i.properties]
        spine = {item.path: (item, True) for item in documents}
    return list(spine.values())


def _ncx(root: etree._Element, items: dict[str, Item]) -> str | None:
    for spine in _named(root, "spine"):
        item = items.get(attribute(spine, "toc"))
        if item is not None:
            return item.path
    return next(
        (i.path for i in items.values() if i.media_type == "application/x-dtbncx+xml"), None
    )


def _guide(root: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    for guide in _named(root, "guide"):
        for element in guide:
            href, kind = attribute(element, "href"), attribute(element, "type")
            if href and kind and "#" not in href:
                yield join_path(path, href)[0], kind.strip().lower()


def _refuse_protected(archive: Archive, items: dict[str, Item], name: str) -> None:
    """Say so where anything but fonts is encrypted."""
    data = archive.read(_ENCRYPTION)
    if data is None:
        return
    root = parse_xml(data, name=f"{_ENCRYPTION} in {name}", limits=archive.limits)
    for element in _named(root, "encrypteddata") if root is not None else ():
        methods = [attribute(e, "Algorithm") for e in _named(element, "encryptionmethod")]
        paths = [attribute(e, "URI") for e in _named(element, "cipherreference")]
        is_font = any(method in _FONT_ALGORITHMS for method in methods) or (
            bool(paths) and all(path.lower().endswith(_FONTS) for path in paths)
        )
        if not is_font:
            raise StoryError(
                f"{name} is protected by DRM: its text is encrypted, and Narrator cannot read it"
            )


def _text(element: etree._Element) -> str:
    return " ".join(clean("".join(element.itertext())).split())


def _facts(root: etree._Element, items: dict[str, Item], archive: Archive, path: str) -> Facts:
    said = [e for metadata in _named(root, "metadata") for e in metadata.iter()]
    metas = [element for element in said if local_name(element) == "meta"]
    refined: dict[tuple[str, str], str] = {}
    for meta in metas:
        about = attribute(meta, "refines").lstrip("#")
        if about:
            refined.setdefault((about, attribute(meta, "property")), _text(meta))
    titles = [e for e in said if local_name(e) == "title" and _text(e)]
    main = [e for e in titles if refined.get((attribute(e, "id"), "title-type")) == "main"]
    values = {
        key: [_text(e) for e in said if local_name(e) == key and _text(e)]
        for key in ("language", "date", "publisher", "subject", "rights", "source")
    }
    description = next((_text(e) for e in said if local_name(e) == "description"), "")
    year = _YEAR.search(" ".join(_dates(said)))
    details = [
        (key.capitalize(), "; ".join(found))
        for key, found in values.items()
        if found and key not in ("language", "date")
    ]
    details += [(role, names) for role, names in _contributors(said, refined).items() if role]
    return Facts(
        title=_text((main or titles)[0]) if titles else None,
        author=_contributors(said, refined).get("") or None,
        language=next(filter(None, map(language_tag, values["language"])), None),
        year=year[1] if year else None,
        summary=_plain(description) or None,
        series=_series(metas, refined),
        details=tuple(details),
        cover=_cover(metas, items, archive),
    )


def _dates(said: list[etree._Element]) -> list[str]:
    """Dates, that of publication first, that of the file's last change not at all."""
    dates = [e for e in said if local_name(e) == "date" and attribute(e, "event") != "modification"]
    order = ("original-publication", "publication", "")
    dates.sort(
        key=lambda e: order.index(attribute(e, "event")) if attribute(e, "event") in order else 3
    )
    return [_text(element) for element in dates]


_ROLES = {"trl": "Translated by", "ill": "Illustrated by", "edt": "Edited by"}


def _contributors(
    said: list[etree._Element], refined: dict[tuple[str, str], str]
) -> dict[str, str]:
    """Names by what they did; authors under the empty string."""
    names: dict[str, list[str]] = {}
    for element in said:
        kind = local_name(element)
        if kind not in ("creator", "contributor") or not _text(element):
            continue
        role = attribute(element, "role") or refined.get((attribute(element, "id"), "role"), "")
        heading = _ROLES.get(role, "" if kind == "creator" and role in ("", "aut") else None)
        if heading is not None:
            names.setdefault(heading, []).append(_text(element))
    if "" not in names:
        creators = [_text(e) for e in said if local_name(e) == "creator" and _text(e)]
        names[""] = creators[:1]
    return {role: " & ".join(dict.fromkeys(found)) for role, found in names.items()}


def _series(metas: list[etree._Element], refined: dict[tuple[str, str], str]) -> str | None:
    """Name and number of the series, as calibre or EPUB 3 says it."""
    for meta in metas:
        if attribute(meta, "property") != "belongs-to-collection":
            continue
        about = attribute(meta, "id")
        if refined.get((about, "collection-type"), "series") == "series":
            return _numbered(_text(meta), refined.get((about, "group-position"), ""))
    named = {attribute(m, "name"): attribute(m, "content") for m in metas if attribute(m, "name")}
    return _numbered(named.get("calibre:series", ""), named.get("calibre:series_index", ""))


def _numbered(series: str, number: str) -> str | None:
    if not series.strip():
        return None
    bare = re.sub(r"\.0+$", "", number.strip())
    return f"{series.strip()}, Book {bare}" if bare and bare != "0" else series.strip()


def _plain(description: str) -> str:
    """A description without the HTML that shops put into it."""
    if "<" not in description:
        return description
    root = parse_html_text(description, name="the description", limits=Limits())
    return " ".join(" ".join(shown_text(root)).split()) if root is not None else description


def _cover(metas: list[etree._Element], items: dict[str, Item], archive: Archive) -> bytes | None:
    named = [attribute(meta, "content") for meta in metas if attribute(meta, "name") == "cover"]
    chosen = [item for item in items.values() if "cover-image" in item.properties]
    chosen += [items[identifier] for identifier in named if identifier in items]
    chosen += [i for i in items.values() if i.path in named or i.id.lower() == "cover-image"]
    for item in chosen:
        if item.media_type and not item.media_type.startswith("image/"):
            continue
        try:
            data = archive.read(item.path)
        except StoryError:
            continue  # a damaged picture is no reason to refuse the book
        if data is not None and len(data) <= _MAX_COVER_BYTES and data.startswith(_PICTURES):
            return data
    return None
