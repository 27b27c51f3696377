"""Printed pages to paragraphs: running heads and page numbers apart, words joined at row ends."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from narrator.read.headings import read_label
from narrator.read.layout import Layout, Paragraph, Row, detect_layout, paragraphs_of, rows_of
from narrator.read.numerals import number_of

_EDGE_ROWS = 2
"""So many rows at the top and bottom of a page may be a running head or foot."""
_MIN_REPEATS = 3
_MIN_REPEAT_SHARE = 0.25
"""Of the pages, with the same words at an edge; the two sides of a sheet may have their own."""
_MAX_HEAD_CHARS = 90
_NUMBER = re.compile(r"\W*(?:(?:page|p\.)\s*)?(\d{1,4}|[ivxlcdm]{1,7})\W*", re.IGNORECASE)
_LEADING = re.compile(r"(\d{1,4})\W+(?=\w)")
_TRAILING = re.compile(r"(?<=\w)\W+(\d{1,4})$")
_STOPS = ".!?…,;:”’\"'»"
_OF = re.compile(r"\W*(?:page\s*)?\d{1,4}\s*(?:/|of)\s*\d{1,4}\W*", re.IGNORECASE)
_SPLIT_WORD = re.compile(r"(\w+)[-\u2010\u00ad]$")
_WORD = re.compile(r"\w+(?:-\w+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """One printed row that is not blank."""

    text: str
    """Without white space around it."""
    indent: int
    """White space before it, in characters, from the leftmost row of the page."""
    blanks: int
    """Room above it, in rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """A row that belongs to the page and not to the story."""

    page: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedParagraph:
    """A paragraph put together from its rows."""

    text: str
    """Rows parted by ``\\n``."""
    page: int
    """The one that it begins on, from 0."""


def page_rows(laid_out: str) -> tuple[PageRow, ...]:
    """The rows of a page whose text is laid out with spaces and blank rows as on paper.

    Where a page is set with room between all rows, that room is not counted.
    """
    rows = list(rows_of(laid_out))
    usual = Counter(row.blanks for row in rows[1:]).most_common(1)
    between = usual[0][0] if usual else 0
    least = min((row.indent for row in rows), default=0)
    return tuple(
        PageRow(
            text=re.sub(r"\s{2,}", " ", laid_out[row.start : row.end]),
            indent=row.indent - least,
            blanks=max(0, row.blanks - between),
        )
        for row in rows
    )


def without_furniture(
    pages: Sequence[Sequence[PageRow]], titles: Sequence[tuple[int, str]] = ()
) -> tuple[list[list[PageRow]], list[Furniture]]:
    """Pages without their numbers, running heads and running feet, and those.

    Parameters
    ----------
    pages
        Rows of each.
    titles
        (index of a page, title) of each bookmark: such a row is the chapter's heading, however
        often it comes again.
    """
    numbering = _numbering(pages)
    marked = {(page, _head_key(title)) for page, title in titles}
    heads = [
        {index: _head_key(_without_number(page[index].text, number, numbering)) for index in at}
        for number, page in enumerate(pages)
        for at in [sorted(_edges(page))]
    ]
    seen = Counter(key for page in heads for key in set(page.values()))
    least = max(_MIN_REPEATS, _MIN_REPEAT_SHARE * len(pages))
    met: set[str] = set()
    kept: list[list[PageRow]] = []
    found: list[Furniture] = []
    for number, (page, keys) in enumerate(zip(pages, heads, strict=True)):
        reasons: dict[int, str] = {}
        for edge in (range(len(page)), range(len(page) - 1, -1, -1)):
            for index in list(edge)[:_EDGE_ROWS]:
                key = keys[index]
                is_title = (number, key) in marked or (
                    key not in met and read_label(page[index].text) is not None
                )
                reason = None
                if _is_number(page[index].text, number, numbering):
                    reason = "page number"
                elif not is_title and key and seen[key] >= least and _may_be_head(page, index):
                    reason = "running head"
                if reason is None:
                    break  # what stands between it and the story is of the story
                reasons[index] = reason
        met.update(keys.values())
        found += [
            Furniture(page=number, text=page[index].text, reason=reasons[index])
            for index in sorted(reasons)
        ]
        kept.append([row for index, row in enumerate(page) if index not in reasons])
    return kept, found


def _edges(page: Sequence[PageRow]) -> set[int]:
    last = len(page) - 1
    return {i for i in (*range(_EDGE_ROWS), *range(last, last - _EDGE_ROWS, -1)) if 0 <= i <= last}


_Numbering = frozenset[tuple[bool, int]]
"""(whether in Roman numerals, the number less the page's index) of the pages' numbers."""


def _numbering(pages: Sequence[Sequence[PageRow]]) -> _Numbering:
    """How the pages are numbered: by what two of them, and every sixth, agree in."""
    seen: Counter[tuple[bool, int]] = Counter()
    for index, page in enumerate(pages):
        said = {found for at in _edges(page) for found in _numbers(page[at].text, index)}
        seen.update(said)
    least = max(2, len(pages) / 6)
    return frozenset(step for step, count in seen.items() if count >= (2 if step[0] else least))


def _numbers(text: str, page: int) -> Iterator[tuple[bool, int]]:
    """The numbers that a row is, begins with or ends with, as steps from the page's index."""
    for match in (_NUMBER.fullmatch(text), _LEADING.match(text), _TRAILING.search(text)):
        value = number_of(match[1]) if match is not None else None
        if match is not None and value is not None:
            yield not match[1].isdecimal(), value - page


def _is_number(text: str, page: int, numbering: _Numbering) -> bool:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return _OF.fullmatch(text) is not None
    value = number_of(match[1])
    return value is not None and (not match[1].isdecimal(), value - page) in numbering


def _without_number(text: str, page: int, numbering: _Numbering) -> str:
    """A row without the page's number before or after it."""
    for match in (_LEADING.match(text), _TRAILING.search(text)):
        value = number_of(match[1]) if match is not None else None
        if match is not None and (value is not None and (False, value - page) in numbering):
            return text[: match.start()] + text[match.end() :]
    return text


def _head_key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _may_be_head(page: Sequence[PageRow], index: int) -> bool:
    """Whether a row is short, and stands apart from the story or ends as no sentence does."""
    below = page[index + 1].blanks if index + 1 < len(page) and index < _EDGE_ROWS else 0
    above = page[index].blanks if index and index >= len(page) - _EDGE_ROWS else 0
    is_apart = below > 0 or above > 0 or page[index].text[-1] not in _STOPS
    return len(page[index].text) <= _MAX_HEAD_CHARS and is_apart


def paragraphs_of_pages(pages: Sequence[Sequence[PageRow]]) -> Iterator[PrintedParagraph]:
    """The paragraphs on pages; one may run on over the end of a page."""
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    for page in pages:
        starts.append(at)
        for index, row in enumerate(page):
            # The room above a page's first row is that of the page.
            blanks = row.blanks if index else 0
            piece = "\n" * blanks + " " * row.indent + row.text + "\n"
            pieces.append(piece)
            at += len(piece)
    text = "".join(pieces)
    words = Counter(word.casefold() for word in _WORD.findall(text))
    layout = _page_layout(text)
    for paragraph in paragraphs_of(text, list(rows_of(text)), layout):
        number = bisect_right(starts, paragraph.start) - 1
        yield PrintedParagraph(text=_joined(text, paragraph, words), page=number)


def _page_layout(text: str) -> Layout:
    """The layout of pages, whose rows are never paragraphs merely for ending with full stops."""
    layout = detect_layout(text)
    if layout.rows_are_paragraphs or layout.splits_indents or layout.splits_short_rows:
        return layout
    return replace(layout, splits_indents=True)


def _joined(text: str, paragraph: Paragraph, words: Counter[str]) -> str:
    """The rows of a paragraph, a word that is parted over two of them made whole."""
    out: list[str] = []
    for row in paragraph.rows:
        said = _said(text, row)
        split = _SPLIT_WORD.search(out[-1]) if out else None
        rest = _WORD.match(said)
        if split is None or rest is None or not rest[0][0].islower():
            out.append(said)
            continue
        whole, compound = split[1] + rest[0], f"{split[1]}-{rest[0]}"
        keeps = words[compound.casefold()] > words[whole.casefold()]
        head = out[-1] if keeps and out[-1].endswith("-") else out[-1][:-1] + "-" * keeps
        # The rest of the word goes up to where it begins.
        out[-1] = head + rest[0] + _closing(said[rest.end() :])
        left = said[rest.end() + len(_closing(said[rest.end() :])) :].strip()
        if left:
            out.append(left)
    return "\n".join(out)


def _closing(text: str) -> str:
    """The marks that stand right after a word."""
    match = re.match(r"\S*", text)
    return match[0] if match else ""


def _said(text: str, row: Row) -> str:
    return text[row.start : row.end]
