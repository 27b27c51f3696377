"""Printed pages to paragraphs: running heads and page numbers apart, words joined at row ends."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

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
_MAX_TITLE_ROWS = 4
_SHORT_OF_FULL = 0.75
"""A row or page this much shorter than a full one did not end for want of room."""
_MIN_LEADING_SHARE = 0.2
"""Of the rows that go on from the row above; fewer are verse, or a title's lines."""
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
    """Rows of verse parted by ``\\n``."""
    page: int
    """The one that it begins on, from 0."""


def page_rows(laid_out: str) -> tuple[PageRow, ...]:
    """The rows of a page whose text is laid out with spaces and blank rows as on paper."""
    rows = list(rows_of(laid_out))
    least = min((row.indent for row in rows), default=0)
    return tuple(
        PageRow(
            text=re.sub(r"\s{2,}", " ", laid_out[row.start : row.end]),
            indent=row.indent - least,
            blanks=row.blanks,
        )
        for row in rows
    )


def without_leading(pages: Sequence[Sequence[PageRow]]) -> list[tuple[PageRow, ...]]:
    """Pages whose room above each row leaves out that which is between all rows.

    A sentence that goes on in the next row shows how much that is.
    """
    pairs = [pair for page in pages for pair in pairwise(page)]
    going_on = Counter(b.blanks for _, b in pairs if b.text[0].islower())
    often = _MIN_LEADING_SHARE * going_on.total()
    between = min((room for room, count in going_on.items() if count >= often), default=0)
    return [
        tuple(replace(row, blanks=max(0, row.blanks - between)) for row in page) for page in pages
    ]


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
                is_title = (number, key) in marked or _is_new_label(page[index].text, key, met)
                reason = None
                if _is_number(page[index].text, number, numbering):
                    reason = "page number"
                elif not is_title and key and seen[key] >= least and _may_be_head(page, index):
                    reason = "running head"
                if reason is None:
                    break  # what stands between it and the story is of the story
                reasons[index] = reason
        met.update(keys.values())
        met.update(_head_key(page[index].text) for index in keys)
        found += [
            Furniture(page=number, text=page[index].text, reason=reasons[index])
            for index in sorted(reasons)
        ]
        kept.append([row for index, row in enumerate(page) if index not in reasons])
    return kept, found


def _is_new_label(text: str, key: str, met: set[str]) -> bool:
    """Whether a row heads a chapter by its words, and did not do so before.

    `key` is that of the row without a number which may be the page's.
    """
    label = read_label(text)
    return label is not None and (_head_key(text) if label.word else key) not in met


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


def paragraphs_of_pages(
    pages: Sequence[Sequence[PageRow]], titles: Sequence[tuple[int, str]] = ()
) -> Iterator[PrintedParagraph]:
    """The paragraphs on pages; one may run on over the end of a page.

    Parameters
    ----------
    pages
        Rows of each, `without_leading`.
    titles
        (index of a page, title) of each bookmark: the rows that say it are a paragraph of their
        own.
    """
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    blanks_after = 0
    full = _full_rows(pages)
    width = _full_width(pages)
    for number, page in enumerate(pages):
        starts.append(at)
        marked = _title_rows(page, [title for on, title in titles if on == number])
        for index, row in enumerate(page):
            # The room above a page's first row is that of the page.
            blanks = max(row.blanks if index else 0, blanks_after)
            blanks_after = 0
            is_label = (index == 0 or row.blanks > 0) and _begins_anew(row)
            if marked.get(index) == 0 or is_label or (index and _is_below(page, index, width)):
                blanks = max(blanks, 1)
            elif index in marked:
                blanks = 0
            if (index in marked or is_label) and index + 1 not in marked:
                blanks_after = 1
            piece = "\n" * blanks + " " * row.indent + row.text + "\n"
            pieces.append(piece)
            at += len(piece)
        if page and _ends_early(page, full, width):
            blanks_after = 1
    text = "".join(pieces)
    words = Counter(word.casefold() for word in _WORD.findall(text))
    layout = _page_layout(text)
    for paragraph in paragraphs_of(text, list(rows_of(text)), layout):
        number = bisect_right(starts, paragraph.start) - 1
        yield PrintedParagraph(text=_joined(text, paragraph, words, width), page=number)


def _full_rows(pages: Sequence[Sequence[PageRow]]) -> int:
    """Rows of a full page, blank ones counted."""
    heights = sorted(_height(page) for page in pages if page)
    return heights[int(0.75 * (len(heights) - 1))] if heights else 0


def _height(page: Sequence[PageRow]) -> int:
    return sum(1 + row.blanks for row in page)


def _full_width(pages: Sequence[Sequence[PageRow]]) -> int:
    """Characters of a full row."""
    widths = sorted(len(row.text) for page in pages for row in page)
    return widths[int(0.75 * (len(widths) - 1))] if widths else 0


def _ends_early(page: Sequence[PageRow], full: int, width: int) -> bool:
    """Whether a page's last row ends a paragraph: it left room below or beside it."""
    last = page[-1].text
    is_short = len(last) < _SHORT_OF_FULL * width and last[-1] in _STOPS
    return is_short or _height(page) < _SHORT_OF_FULL * full


def _is_below(page: Sequence[PageRow], index: int, width: int) -> bool:
    """Whether a row begins a paragraph: it is indented below a row that left room beside it."""
    above, row = page[index - 1], page[index]
    return row.indent > above.indent and len(above.text) < _SHORT_OF_FULL * width


def _begins_anew(row: PageRow) -> bool:
    """Whether a row is a chapter's heading by its words."""
    label = read_label(row.text)
    return label is not None and bool(label.word)


def _title_rows(page: Sequence[PageRow], titles: Sequence[str]) -> dict[int, int]:
    """Index of each row that says one of `titles`, with its place in that title."""
    found: dict[int, int] = {}
    for title in titles:
        wanted = title_key(title)
        for first in range(len(page)):
            said = ""
            for row in range(first, min(first + _MAX_TITLE_ROWS, len(page))):
                said += title_key(page[row].text)
                if said == wanted:
                    found.update({at: at - first for at in range(first, row + 1)})
            if first in found:
                break
    return found


def title_key(text: str) -> str:
    """What two ways of writing one title have in common."""
    return "".join(char for char in text.casefold() if char.isalnum())


def _page_layout(text: str) -> Layout:
    """The layout of pages, whose rows are never paragraphs merely for ending with full stops."""
    layout = replace(detect_layout(text), rows_are_paragraphs=False)
    return layout if layout.splits_short_rows else replace(layout, splits_indents=True)


def _joined(text: str, paragraph: Paragraph, words: Counter[str], width: int) -> str:
    """The rows of a paragraph, a word that is parted over two of them made whole.

    Rows that ended for want of room are one; those of verse, or of a title, stay.
    """
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
    stays = all(row.end - row.start < _SHORT_OF_FULL * width for row in paragraph.rows[:-1])
    return ("\n" if stays else " ").join(out)


def _closing(text: str) -> str:
    """The marks that stand right after a word."""
    match = re.match(r"\S*", text)
    return match[0] if match else ""


def _said(text: str, row: Row) -> str:
    return text[row.start : row.end]
