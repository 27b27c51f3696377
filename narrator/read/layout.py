"""Rows and paragraphs of a plain text, whichever way it sets them out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_ROW = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_TERMINAL = ".!?…:;\"'”’»«“)]*_—-~。！？」』"
_SHORT_OF_FULL = 0.75
"""A row this much shorter than a full one did not end for want of room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One printed row that is not blank. `start` and `end` leave out white space around it."""

    start: int
    end: int
    indent: int
    """White space before it, in characters."""
    blanks: int
    """Blank rows before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Rows that belong together."""

    rows: tuple[Row, ...]
    is_soft: bool = False
    """Its beginning was inferred: no blank row stands before it."""

    @property
    def start(self) -> int:
        return self.rows[0].start

    @property
    def end(self) -> int:
        return self.rows[-1].end

    @property
    def blanks(self) -> int:
        return self.rows[0].blanks


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a text sets out its paragraphs."""

    rows_are_paragraphs: bool = False
    """Each row is a paragraph, with or without blank rows between."""
    splits_short_rows: bool = False
    """Hard-wrapped without blank rows between paragraphs: a short full-stopped row ends one."""
    splits_indents: bool = False
    """Hard-wrapped, a paragraph's first row indented."""
    width: int = 0
    """Of a full row, in characters."""
    gap: int = 1
    """Blank rows between paragraphs."""

    @property
    def scene_gap(self) -> int:
        """So many blank rows or more are a scene break."""
        return 2 * self.gap + 1


def rows_of(text: str, start: int = 0, end: int | None = None) -> Iterator[Row]:
    """The rows of ``text[start:end]`` that are not blank, in order."""
    end = len(text) if end is None else end
    last = start
    first = True
    for match in _ROW.finditer(text, start, end):
        raw = match.group()
        if raw.isspace():
            continue
        bare = raw.lstrip()
        indent = len(raw) - len(bare)
        begin = match.start() + indent
        breaks = sum(1 for _ in _BREAK.finditer(text, last, begin)) if begin > last + 1 else 1
        yield Row(
            start=begin,
            end=begin + len(bare.rstrip()),
            indent=indent,
            blanks=breaks if first else max(breaks - 1, 0),
        )
        last, first = match.end(), False


def detect_layout(text: str) -> Layout:
    """How `text` sets out its paragraphs, from the whole of it."""
    rows = list(rows_of(text))
    pairs = [(a, b) for a, b in pairwise(rows) if b.blanks == 0]
    gaps = Counter(row.blanks for row in rows[1:] if row.blanks)
    blocks = gaps.total() + 1
    gap = min((g for g, n in gaps.items() if n >= 0.25 * gaps.total()), default=1)
    if len(pairs) < max(4, 0.1 * len(rows)):
        return Layout(gap=gap)
    lengths = sorted(a.end - a.start + a.indent for a, _ in pairs)
    width = lengths[int(0.9 * (len(lengths) - 1))]
    ends = [(a, b) for a, b in pairs if _may_part(text, a, b)]
    if len(ends) >= 0.7 * len(pairs):
        # Where blank rows part most rows all the same, rows without one between belong together.
        parted = len(pairs) > 0.6 * blocks
        is_gapless = len(pairs) > 2 * blocks
        return Layout(rows_are_paragraphs=parted, width=width, gap=0 if is_gapless else gap)
    short = sum(1 for a, _ in ends if a.end - a.start + a.indent < _SHORT_OF_FULL * width)
    indented = sum(1 for a, b in ends if b.indent > a.indent)
    return Layout(
        splits_short_rows=short > 0.25 * blocks and indented <= 0.5 * short,
        splits_indents=indented > 0.25 * blocks,
        width=width,
        gap=gap,
    )


def _may_part(text: str, a: Row, b: Row) -> bool:
    """Whether row `a` could be the last of a paragraph and `b` the first of another."""
    head = text[b.start]
    return text[a.end - 1] in _TERMINAL and not head.islower()


def paragraphs_of(text: str, rows: Sequence[Row], layout: Layout) -> Iterator[Paragraph]:
    """`rows` of `text` gathered into paragraphs."""
    held: list[Row] = []
    is_soft = False
    for row in rows:
        if held:
            last = held[-1]
            parts_softly = row.blanks == 0 and _parts(text, last, row, layout)
            if row.blanks or parts_softly:
                yield Paragraph(rows=tuple(held), is_soft=is_soft)
                held, is_soft = [], parts_softly
        held.append(row)
    if held:
        yield Paragraph(rows=tuple(held), is_soft=is_soft)


def _parts(text: str, a: Row, b: Row, layout: Layout) -> bool:
    """Whether a paragraph ends between two rows that no blank row parts."""
    if layout.rows_are_paragraphs:
        return True
    if layout.splits_indents and b.indent > a.indent:
        return _may_part(text, a, b)
    if layout.splits_short_rows and a.end - a.start + a.indent < _SHORT_OF_FULL * layout.width:
        return _may_part(text, a, b)
    return False
