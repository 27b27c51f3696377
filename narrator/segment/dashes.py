"""Dialogue marked by dashes: a paragraph that begins with one is a turn of speech.

Three customs are read. Russian, and much web fiction: ``— Hello, — said he. — Come in.`` Spanish:
``—Hola —dijo él—. Pasa.`` French, and Joyce: ``—Hello, said he. Come in.``
"""

from __future__ import annotations

import re

from narrator.model import SegmentKind
from narrator.segment.pieces import Piece
from narrator.segment.speech import reporting_end

TURN = re.compile(r"(?:[—–―]|--?-?(?=[ \u00a0\w«“\"]))[ \u00a0]*(?=\S)")
_INNER = re.compile(
    r"(?<=[\s.,!?…:;»”\"])(?:[—–―]|--)(?=\s|\w|[«“])"  # before an insertion, or after one
    r"|(?<=\w)(?:[—–―]|--)(?=[.,;:!?…]|\s)"  # Spanish: fast to the insertion's last word
)
_STOP_BEFORE = re.compile(r"[.,!?…;:»”\"’][)\]]*\s*$")
_AFTER_STOP = re.compile(r"(?<=[,!?…])\s+(?=\S)|(?<=\.\.\.)\s+(?=\S)")
_SENTENCE_END = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)[.!?…]+[)\]»”\"]*(?=\s|$)")
_COMMA_RESUMES = re.compile(
    r",\s+(?!\w+ing\b|and\b|with\b|as\b|his\b|her\b|their\b|but\b|then\b|while\b|when\b|in\b|at\b|"
    r"for\b|who\b|to\b|without\b|after\b|before\b|from\b|on\b|looking\b|a\b|the\b)"
)
_STOPS_AFTER = re.compile(r"[.,;:!?…]*\s*")


def is_turn(text: str, start: int, end: int) -> bool:
    """Whether a paragraph begins with the dash of a turn."""
    return TURN.match(text, start, end) is not None


def turn_pieces(text: str, start: int, end: int) -> list[Piece]:
    """The dialogue in the turn ``text[start:end]``; what lies between is the narrator's.

    A dash that begins an insertion belongs to it, one that ends it to the dialogue that goes on.
    """
    opening = TURN.match(text, start, end)
    first = opening.end() if opening else start
    dashes = [match.start() for match in _INNER.finditer(text, first, end)]
    pieces: list[Piece] = []
    begun = start
    at = 0
    while at < len(dashes):
        dash = dashes[at]
        if not _inserts(text, begun, dash, end):
            at += 1
            continue
        _say(text, pieces, begun, dash, end)
        at += 1
        begun = _resume(text, dashes[at], end) if at < len(dashes) else end
        at += 1
    if begun < end:
        _say(text, pieces, begun, end, end)
    return pieces


def _inserts(text: str, begun: int, dash: int, end: int) -> bool:
    """Whether an inner dash begins an insertion, rather than being a pause in what is said."""
    if _STOP_BEFORE.search(text, max(begun, dash - 8), dash) is not None:
        return True
    return reporting_end(text, dash + 1, end) is not None


def _resume(text: str, dash: int, end: int) -> int:
    """Where dialogue goes on after the dash that ends an insertion."""
    if text[dash - 1].isalnum():
        return _end_of(_STOPS_AFTER.match(text, dash + 1, end), dash + 1)
    return dash


def _end_of(match: re.Match[str] | None, fallback: int) -> int:
    return match.end() if match else fallback


def _say(text: str, pieces: list[Piece], start: int, end: int, limit: int) -> None:
    """Add ``text[start:end]`` as dialogue, less the reporting clauses that no dash sets off."""
    begun = start
    at = start
    while (stop := _AFTER_STOP.search(text, at, end)) is not None:
        at = stop.end()
        clause = reporting_end(text, at, limit)
        if clause is None or clause > end:
            continue
        pieces.append(Piece(start=begun, end=at, kind=SegmentKind.DIALOGUE))
        begun = at = _after_clause(text, stop.start(), clause, end)
        if begun >= end:
            return
    pieces.append(Piece(start=begun, end=end, kind=SegmentKind.DIALOGUE))


def _after_clause(text: str, stop: int, clause: int, end: int) -> int:
    """Where speech goes on after a reporting clause: at a comma, or with the next sentence."""
    comma = _COMMA_RESUMES.match(text, clause, end)
    if comma is not None and text[stop - 1] == ",":
        return comma.end()
    closing = _SENTENCE_END.search(text, clause, end)
    if closing is None:
        return end
    at = closing.end()
    while at < end and text[at].isspace():
        at += 1
    return at
