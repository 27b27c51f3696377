"""Quotation marks: the kinds there are, and which of them this book speaks with."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

DOUBLE = '"“”„‟″＂〝〞〟'
SINGLE = "'‘’‚‛`´"
DASHES = "—–―-"


class Family(Enum):
    """Marks that can stand for one another, as editors and keyboards mix them."""

    DOUBLE = DOUBLE
    SINGLE = SINGLE
    GUILLEMETS = "«»"
    SINGLE_GUILLEMETS = "‹›"
    CORNERS = "「」"
    WHITE_CORNERS = "『』"
    DASH = "—"


QUOTE_FAMILIES = tuple(family for family in Family if family is not Family.DASH)
_SPACED = (Family.GUILLEMETS, Family.SINGLE_GUILLEMETS)
FAMILY_OF = {glyph: family for family in QUOTE_FAMILIES for glyph in family.value}

_OPENERS = "“„‟〝‘‚‛`«‹「『"
_CLOSERS = "”〞〟’´»›」』"
_FIXED = "「」『』"
"""Their script does not space words: which way they face is all there is to go by."""
_EMPHASIS = "_*"
"""Marks of italics that stand between a quotation mark and its words."""


class Side(Enum):
    """What stands on one side of a mark."""

    EDGE = "edge"
    """The beginning or end of the paragraph."""
    SPACE = "space"
    WORD = "word"
    STOP = "stop"
    """What ends a phrase: ``.,!?…;:``."""
    DASH = "dash"
    BRACKET = "bracket"
    """An opening bracket to the left, a closing one to the right."""
    MARK = "mark"
    """Another quotation mark."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Mark:
    """One quotation mark in its surroundings."""

    at: int
    glyph: str
    left: Side
    right: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """How a book marks speech.

    `direction` says of each glyph how surely it opens (positive) or closes (negative) a quotation
    in this book, as a log-odds between -4 and 4.
    """

    primary: Family
    secondary: tuple[Family, ...] = ()
    """Other families that the book uses, most used first."""
    direction: tuple[tuple[str, float], ...] = ()

    def facing(self) -> dict[str, float]:
        """`direction` as a mapping."""
        return dict(self.direction)


MARK = re.compile(f"[{re.escape(''.join(FAMILY_OF))}]")
_DASH_START = re.compile(r"[—–―]|--?-?(?=[ \u00a0\w«“\"])")
"""A paragraph that begins so is a turn of speech, in a book that speaks with dashes."""


def side_of(char: str, *, is_left: bool) -> Side:
    """What `char` is to a mark beside it."""
    if char.isalnum():
        return Side.WORD
    if char.isspace():
        return Side.SPACE
    if char in DASHES:
        return Side.DASH
    if char in ".,!?…;:。、！？，":
        return Side.STOP
    if char in FAMILY_OF:
        return Side.MARK
    if char in ("([{¡¿<" if is_left else ")]}>"):
        return Side.BRACKET
    return Side.OTHER


def marks_in(text: str, start: int, end: int, glyphs: str) -> list[Mark]:
    """Marks of the paragraph ``text[start:end]`` whose glyph is one of `glyphs`, in order."""
    found = []
    for match in MARK.finditer(text, start, end):
        at = match.start()
        if text[at] not in glyphs:
            continue
        before, after = at - 1, at + 1
        # Four at most: a row of asterisks is an ornament, and must not cost its square.
        while before >= start and text[before] in _EMPHASIS and at - before < 4:
            before -= 1
        while after < end and text[after] in _EMPHASIS and after - at < 4:
            after += 1
        left = side_of(text[before], is_left=True) if before >= start else Side.EDGE
        right = side_of(text[after], is_left=False) if after < end else Side.EDGE
        found.append(Mark(at=at, glyph=text[at], left=left, right=right))
    return found


_OPEN_LEFT = (Side.EDGE, Side.SPACE, Side.BRACKET, Side.MARK)
_CLOSED_RIGHT = (Side.EDGE, Side.SPACE, Side.BRACKET, Side.MARK, Side.STOP, Side.DASH)


def looks_open(mark: Mark) -> bool:
    """Whether its surroundings say plainly that a mark opens."""
    return mark.left in _OPEN_LEFT and mark.right not in (Side.EDGE, Side.SPACE, Side.STOP)


def looks_closed(mark: Mark) -> bool:
    """Whether its surroundings say plainly that a mark closes."""
    return mark.left not in (Side.EDGE, Side.SPACE) and mark.right in _CLOSED_RIGHT


def detect_convention(text: str, paragraphs: Iterable[tuple[int, int]]) -> Convention:
    """The convention of a book, from where its marks stand.

    Speech is told from other quotation by two places where hardly anything else is found: a mark
    that opens a paragraph, and one that closes after a comma or other stop.

    Parameters
    ----------
    text
        All of the book's text.
    paragraphs
        Half-open ranges in `text`.
    """
    evidence, opens, closes = _count_marks(text, paragraphs)
    for inner, outer in (
        (Family.SINGLE_GUILLEMETS, Family.GUILLEMETS),
        (Family.WHITE_CORNERS, Family.CORNERS),
    ):
        if evidence[outer] and evidence[inner] <= evidence[outer]:
            evidence[inner] = 0
    order = [family for family, n in evidence.most_common() if n]
    primary = order[0] if order else Family.DOUBLE
    used = {*evidence, *(FAMILY_OF[glyph] for glyph in (*opens, *closes))}
    return Convention(
        primary=primary,
        secondary=tuple(f for f in (*order, *QUOTE_FAMILIES) if f is not primary and f in used),
        direction=tuple(
            (glyph, _facing(glyph, opens[glyph], closes[glyph])) for glyph in FAMILY_OF
        ),
    )


def _count_marks(
    text: str, paragraphs: Iterable[tuple[int, int]]
) -> tuple[Counter[Family], Counter[str], Counter[str]]:
    """How often each family marks speech, and each glyph plainly opens and plainly closes."""
    evidence: Counter[Family] = Counter()
    opens: Counter[str] = Counter()
    closes: Counter[str] = Counter()
    glyphs = "".join(FAMILY_OF)
    for start, end in paragraphs:
        if _DASH_START.match(text, start):
            evidence[Family.DASH] += 2  # a dash has no closing mark to be counted
        for mark in marks_in(text, start, end, glyphs):
            family = FAMILY_OF[mark.glyph]
            if mark.glyph in _FIXED:
                evidence[family] += 1
            elif family in _SPACED and Side.SPACE in (mark.left, mark.right):
                # French puts a space within: only the paragraph's edges and stops tell.
                evidence[family] += mark.left is Side.EDGE or mark.right in (Side.EDGE, Side.STOP)
            if looks_open(mark):
                opens[mark.glyph] += 1
                evidence[family] += mark.left is Side.EDGE
            elif looks_closed(mark):
                closes[mark.glyph] += 1
                evidence[family] += mark.left in (Side.STOP, Side.DASH)
    return evidence, opens, closes


def _facing(glyph: str, opens: int, closes: int) -> float:
    """Log-odds that a glyph opens, from the book itself and from what it should do."""
    if glyph in _FIXED:
        return 4.0 if glyph in _OPENERS else -4.0
    prior_open = prior_close = 1.0
    if glyph in _OPENERS:
        prior_open = 12.0
    elif glyph in _CLOSERS:
        prior_close = 12.0
    odds = (opens + prior_open) / (closes + prior_close)
    return max(-4.0, min(4.0, math.log(odds)))
