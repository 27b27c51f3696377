"""Mottoes: words in quotation marks or in verse, and the name of who said them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from narrator.read.layout import Paragraph
from narrator.read.titles import is_caps, is_title_case

_QUOTES = "\"“„«‘'”"
_CLOSING = "\"”“»’'"
_ATTRIBUTION = re.compile(r"(?:--+|[—–―~*]|-(?=\s?\w))\s*(?P<who>\S.{0,80})")
_INLINE = re.compile(r"[\"”“»’'_.!?]\s{0,10}(?:--+|[—–―])\s*(?P<who>[^\n\r\"“”]{2,80})$")
_MAX_ROWS = 24
_MAX_UNITS = 4


def epigraph_units(
    text: str, units: Sequence[Paragraph], at: int, limit: int, *, is_front: bool
) -> int:
    """How many units from `at` are an epigraph with its source; 0 where none begins there.

    Units from `limit` on are not looked at.
    In front of the first chapter (`is_front`) one may do without a source.
    """
    if at >= limit or not _may_be_epigraph(text, units[at]):
        return 0
    count = 0
    while (
        count < _MAX_UNITS
        and at + count < limit
        and (count == 0 or _may_be_epigraph(text, units[at + count]))
    ):
        unit = units[at + count]
        count += 1
        if _ends_attributed(text, unit):
            return count
        follower = units[at + count] if at + count < limit else None
        if follower is not None and _is_attribution(text, follower):
            return count + 1
    is_alone = is_front and text[units[at].end - 1] in _CLOSING and text[units[at].start] in _QUOTES
    return 1 if is_alone else 0


def _may_be_epigraph(text: str, unit: Paragraph) -> bool:
    if len(unit.rows) > _MAX_ROWS:
        return False
    is_set_in = len(unit.rows) > 1 and all(row.indent >= 1 for row in unit.rows[1:])
    first = text[unit.start : unit.start + 2].lstrip("_*")
    return is_set_in or (bool(first) and first[0] in _QUOTES)


def _ends_attributed(text: str, unit: Paragraph) -> bool:
    last = unit.rows[-1]
    if len(unit.rows) > 1 and _names_source(_ATTRIBUTION, text[last.start : last.end]):
        return True
    tail = text[max(unit.start, unit.end - 120) : unit.end]
    match = _INLINE.search(tail)
    return match is not None and _is_name(match["who"])


def _is_attribution(text: str, unit: Paragraph) -> bool:
    return len(unit.rows) <= 2 and _names_source(
        _ATTRIBUTION, " ".join(text[row.start : row.end] for row in unit.rows)
    )


def _names_source(pattern: re.Pattern[str], row: str) -> bool:
    match = pattern.fullmatch(row)
    return match is not None and _is_name(match["who"])


def _is_name(who: str) -> bool:
    """Whether words look like a source: a name, a book, a place; not a sentence."""
    bare = who.strip("_* ")
    if bare.endswith(("!", "?", ",", "…", ";")) or not bare:
        return False
    if bare[0].isupper() and not bare.endswith("."):
        return True
    if is_caps(bare) or is_title_case(bare):
        return not bare.endswith(".") or len(bare) <= 40
    return bare[0].islower() and not bare.endswith(".")
