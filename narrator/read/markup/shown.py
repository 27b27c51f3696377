"""What an element shows: its text, the names of its place, what stands for a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from narrator.read.markup.characters import clean
from narrator.read.markup.parse import attribute, local_name
from narrator.read.markup.rules import SILENT

_WHITE = re.compile(r"\s+")
_ORNAMENT_ALT = re.compile(
    r"[\W_]*|(?:scene|section)?\s*(?:break|divider|ornament|separator)", re.I
)


def after_drop_cap(letter: str, text: str) -> str:
    """The text after a drop cap, white space gone where it stands inside the word."""
    bare = text.lstrip()
    first = re.match(r"[^\W\d_]*", bare)
    word = first[0] if first else ""
    may_be_word = letter in "AIOaio" and len(word) != 1
    return text if may_be_word or bare == text or not word.islower() else bare


def alt_text(picture: etree._Element) -> str:
    return clean(attribute(picture, "alt")).strip()


def alt_words(picture: etree._Element) -> str:
    """What stands for a picture; empty where that only names an ornament."""
    alt = alt_text(picture)
    return "" if _ORNAMENT_ALT.fullmatch(alt) else alt


def keys_of(element: etree._Element) -> Iterator[str]:
    """The names by which links find an element."""
    return (key for key in (element.get("id"), element.get("name")) if key)


def plain_text(element: etree._Element, without: frozenset[etree._Element]) -> str:
    return _WHITE.sub(" ", clean(" ".join(shown_text(element, without)))).strip()


def shown_text(
    element: etree._Element, without: frozenset[etree._Element] = frozenset()
) -> Iterator[str]:
    """The pieces of text in an element that a page would show, some in it left out."""
    events = etree.iterwalk(element, events=("start", "end"))
    for event, inner in events:
        if event == "start":
            if (local_name(inner) in SILENT and inner is not element) or inner in without:
                events.skip_subtree()
            elif inner.text and local_name(inner) not in SILENT:
                yield inner.text
        elif inner.tail and inner is not element:
            yield inner.tail
