"""Footnotes told by the links to them, where no markup names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from narrator.read.markup.parse import attribute, class_names, local_name, semantic_types
from narrator.read.markup.rules import is_note_reference

_HOLDERS = frozenset("p li div aside dd dl tr blockquote section".split())
_REFERENCES = frozenset("noteref footnote-ref footnote_ref footnoteref fnref fnanchor".split())
_MAX_NOTE_CHARS = 6000
_STARTS = re.compile(r"\s*[\[({]?\s*(?:\d{1,4}|[*†‡§]{1,3}|[a-z])\s*[\])}.:]?")


@dataclass(frozen=True, slots=True)
class Place:
    """An element of a document."""

    source: str
    element: etree._Element


def find_notes(
    roots: Sequence[tuple[str, etree._Element]], resolve: Callable[[str, str], str]
) -> frozenset[etree._Element]:
    """The elements that are notes.

    A note is where a raised or bracketed number leads that stands in the middle of a paragraph, if
    it begins with a number itself or leads back to that place.

    Parameters
    ----------
    roots
        Every document with its name.
    resolve
        (name of the document, ``href``) to ``name#fragment``.
    """
    references = [
        (Place(source, link), resolve(source, attribute(link, "href")))
        for source, root in roots
        for link in _links(root)
        if is_note_reference(link) or _is_called_reference(link)
    ]
    if not references:
        return frozenset()
    wanted = {target for _, target in references}
    by_anchor = {
        f"{source}#{key}": Place(source, element)
        for source, root in roots
        for element, key in _keyed(root)
        if f"{source}#{key}" in wanted
    }
    found: set[etree._Element] = set()
    texts: dict[etree._Element, str] = {}
    for reference, target in references:
        place = by_anchor.get(target)
        if place is None or _begins(reference.element):
            continue
        holder = _holder(place.element)
        if holder is None or holder in found:
            continue
        if holder not in texts:
            texts[holder] = "".join(holder.itertext())[: _MAX_NOTE_CHARS + 1]
        if _is_note(holder, texts[holder], reference, place.source, resolve):
            found.add(holder)
    return frozenset(found)


def _is_called_reference(link: etree._Element) -> bool:
    """Whether the markup itself calls a link the reference of a note."""
    names = semantic_types(link) | class_names(link)
    return bool(names & _REFERENCES) and "#" in attribute(link, "href")


def _links(root: etree._Element) -> Iterator[etree._Element]:
    return (element for element in root.iter() if local_name(element) == "a")


def _keyed(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for element in root.iter():
        for key in (element.get("id"), element.get("name")):
            if key:
                yield element, key


def _holder(element: etree._Element | None) -> etree._Element | None:
    """The block that an element is or is in."""
    while element is not None and local_name(element) not in _HOLDERS:
        if local_name(element) in ("body", "html") or local_name(element).startswith("h"):
            return None
        element = element.getparent()
    return element


def _begins(link: etree._Element) -> bool:
    """Whether nothing stands before a link in its block: so a note begins, not a reference."""
    holder = _holder(link)
    if holder is None:
        return False
    for element in holder.iter():
        if element is link:
            return True
        if (element.text or "").strip():
            return False
        before = element.getprevious()
        if before is not None and (before.tail or "").strip():
            return False
    return False


def _is_note(
    holder: etree._Element,
    text: str,
    reference: Place,
    source: str,
    resolve: Callable[[str, str], str],
) -> bool:
    if len(text) > _MAX_NOTE_CHARS or holder in set(reference.element.iterancestors()):
        return False
    if _STARTS.match(text):
        return True
    keys = {reference.element.get("id"), reference.element.get("name")}
    for above in reference.element.iterancestors():
        keys |= {above.get("id")}
        if local_name(above) in _HOLDERS:
            break
    back = {f"{reference.source}#{key}" for key in keys if key}
    return any(resolve(source, attribute(link, "href")) in back for link in _links(holder))
