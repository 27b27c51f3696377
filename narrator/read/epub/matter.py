"""Front and back matter of an EPUB: which of its documents are none of the story."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from narrator.read.markup.blocks import Block, BlockKind
from narrator.read.markup.front import title_reason
from narrator.read.markup.parse import attribute, local_name

_BY_TYPE = {
    "cover": "cover",
    "titlepage": "title page",
    "title-page": "title page",
    "halftitlepage": "title page",
    "toc": "table of contents",
    "loi": "list of pictures",
    "lot": "list of tables",
    "copyright-page": "copyright page",
    "imprint": "copyright page",
    "colophon": "colophon",
    "index": "index",
    "bibliography": "bibliography",
    "footnotes": "footnote",
    "endnotes": "footnote",
    "rearnotes": "footnote",
    "notes": "footnote",
}
_BY_TITLE = (
    (re.compile(r"(?:front )?cover(?: page| image)?", re.IGNORECASE), "cover"),
    (re.compile(r"(?:half[- ]?)?title ?page", re.IGNORECASE), "title page"),
    (re.compile(r"(?:table of )?contents", re.IGNORECASE), "table of contents"),
    (re.compile(r"copyright(?: (?:page|notice|information))?|imprint", re.I), "copyright page"),
    (re.compile(r"(?:foot|end)?notes", re.IGNORECASE), "footnote"),
    (re.compile(r"index|bibliography", re.IGNORECASE), "index"),
    (
        re.compile(
            r"(?:also|other (?:books|titles|works)|more|books) (?:by|from|in)\b.{0,60}|"
            r"(?:advert|newsletter|about the publisher|praise for|acclaim for)\b.{0,60}",
            re.IGNORECASE,
        ),
        "advertisement",
    ),
)
_RIGHTS = re.compile(
    r"©|\bcopyright\b|\bISBN\b|all rights reserved|no part of this|first published|published by|"
    r"work of fiction|library of congress|cover design|printed in|moral right",
    re.IGNORECASE,
)
_MAX_RIGHTS_CHARS = 6000
_MIN_RIGHTS = 3
_MAX_TITLE_PAGE_CHARS = 400
_MIN_LINKS = 4


def reason_by_type(types: frozenset[str] | set[str]) -> str | None:
    """Why a document is not read whose types a landmark or its body names."""
    return next((_BY_TYPE[kind] for kind in sorted(types) if kind in _BY_TYPE), None)


def reason_by_title(title: str) -> str | None:
    """Why a document is not read that the table of contents calls so."""
    bare = title.strip(" .:*_[]")
    return next((reason for pattern, reason in _BY_TITLE if pattern.fullmatch(bare)), None)


def reason_by_text(
    blocks: Sequence[Block], root: etree._Element, title: str | None, author: str | None
) -> str | None:
    """Why a document is not read that nothing names: what its words are."""
    spoken = [block for block in blocks if block.is_spoken]
    text = "\n".join(block.text for block in spoken)
    if not spoken:
        return None
    by_head = reason_by_title(spoken[0].text) if spoken[0].kind is BlockKind.HEADING else None
    if by_head in ("table of contents", "copyright page", "footnote") or (
        by_head is not None and len(text) < _MAX_RIGHTS_CHARS
    ):
        return by_head
    rights = {match.lower() for match in _RIGHTS.findall(text[:_MAX_RIGHTS_CHARS])}
    if len(text) <= _MAX_RIGHTS_CHARS and len(rights) >= _MIN_RIGHTS:
        return "copyright page"
    if len(text) <= _MAX_TITLE_PAGE_CHARS and len(spoken) <= 6:
        reasons = [title_reason(block.text, title, author) for block in spoken]
        if reasons[0] == "title" and (len(spoken) == 1 or "author" in reasons):
            return "title page"
    return "table of contents" if _is_contents(root, len(text)) else None


def _is_contents(root: etree._Element, spoken_chars: int) -> bool:
    """Whether most of a document's words are links to other places of the book."""
    links = 0
    linked = 0
    for element in root.iter():
        href = attribute(element, "href") if local_name(element) == "a" else ""
        if href and "://" not in href:
            links += 1
            linked += len("".join(element.itertext()))
    return links >= _MIN_LINKS and linked >= 0.6 * spoken_chars


def skipped(blocks: Sequence[Block], reason: str) -> list[Block]:
    """A document's blocks, none of them spoken."""
    return [
        block
        if block.kind is BlockKind.SKIP
        else replace(block, kind=BlockKind.SKIP, reason=reason, level=0, rank=None)
        for block in blocks
        if block.kind not in (BlockKind.BREAK, BlockKind.BLANK) or block.anchors
    ]
