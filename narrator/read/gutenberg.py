"""The licence that Project Gutenberg puts around a book, and the notes of those who typed it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from narrator.model import Skip, Span
from narrator.read.layout import Paragraph

_START = re.compile(
    r"^[ \t]*\*\*\*[ \t]*START OF (?:TH(?:E|IS) )?PROJECT GUTENBERG[^\n\r]*"
    r"(?:[\n\r]+[^\n\r*]*\*\*\*)?"  # a long title runs on into a second row
    r"|^[ \t]*\*END[ \t*]*THE SMALL PRINT![^\n\r]*",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(
    r"^[ \t]*\*\*\*[ \t]*END OF (?:TH(?:E|IS) )?PROJECT GUTENBERG"
    r"|^[ \t]*End of (?:the )?Project Gutenberg(?:'s)?\b",
    re.IGNORECASE | re.MULTILINE,
)
_OPENING_ROW = re.compile(
    r"(?:The )?Project Gutenberg(?:'s|’s)?(?: E-?(?:Book|Text)(?: of)?)?[:,]? "
    r"(?P<title>[^\n\r]{1,200})",
    re.IGNORECASE,
)
_FIELD = re.compile(r"^(Title|Author|Translator|Language):[ \t]*(\S[^\n\r]*)", re.MULTILINE)
_TYPIST = re.compile(
    r"\W*(?:produced by|e-?text prepared by|this e-?(?:book|text) was (?:produced|prepared|typed)|"
    r"html version by|scanned (?:and|by)|proofread)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"[\[{(*_ ]*transcriber['’]?s['’]? note", re.IGNORECASE)
_PICTURE = re.compile(r"\[illustration\b[^\]]*\]", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\[(?:foot|end)note\b.*\]", re.IGNORECASE | re.DOTALL)
_MAX_HEADER_CHARS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapping:
    """What stands around the book itself."""

    body: Span
    skips: tuple[Skip, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    """Title, Author, Translator and Language as the licence's header says them, lower-case keys."""


def unwrap(text: str) -> Wrapping:
    """Find the book inside its licence; the whole text where there is none."""
    start, end = 0, len(text)
    skips = []
    fields: dict[str, str] = {}
    opening = None
    for match in _START.finditer(text, 0, min(len(text), _MAX_HEADER_CHARS)):
        opening = match
    if opening is not None:
        start = opening.end()
        header = text[:start]
        for key, value in _FIELD.findall(header):
            fields.setdefault(key.lower(), value.strip())
        skips.append(Skip(span=_trim(text, 0, start), reason="Project Gutenberg licence"))
    closing = _END.search(text, start)
    if closing is not None and closing.start() > start:
        end = closing.start()
        skips.append(Skip(span=_trim(text, end, len(text)), reason="Project Gutenberg licence"))
    return Wrapping(body=Span(start, end), skips=tuple(skips), fields=tuple(fields.items()))


def opening_row(text: str, unit: Paragraph) -> tuple[str, str | None] | None:
    """Title and author from ``The Project Gutenberg EBook of TITLE, by AUTHOR`` in a unit."""
    row = unit.rows[0]
    match = _OPENING_ROW.fullmatch(text[row.start : row.end])
    if match is None or len(unit.rows) > 2:
        return None
    title, _, author = match["title"].partition(", by ")
    return title.strip(), author.strip() or None


def note_reason(text: str, unit: Paragraph) -> str | None:
    """Why a unit is no part of the story: a typist's note or a picture's place; None if it is."""
    if unit.end - unit.start > 2000:
        return None
    bare = text[unit.start : unit.end]
    if _NOTE.match(bare):
        return "transcriber's note"
    if _PICTURE.fullmatch(bare):
        return "illustration"
    if _FOOTNOTE.fullmatch(bare):
        return "footnote"
    if _TYPIST.match(bare) and len(bare) < 300:
        return "transcriber's credit"
    return None


def _trim(text: str, start: int, end: int) -> Span:
    """The range without the white space around it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
