"""One piece of a segment as an engine gets it."""

from __future__ import annotations

import re

from narrator.model import Line, SegmentKind
from narrator.normalise.numerals import roman_value

_QUOTE_MARKS = re.compile(
    r"[“”„‟«»‹›「」『』\"`]|(?<!\w)[‘’‚'](?=\W|$)|(?:^|(?<=\s))[‘'‚](?=\w)|(?<=[,.!?…—–-])[’']"
)
_PAIRED = re.compile(r"(?<!\w)[‘'](?=\w)([^‘’'\n]{1,80})[’'](?!\w)")
_DASHES = re.compile(r"\s*(?:—|―|⸺|--+|(?<=\s)–(?=\s))\s*")
_EMPHASIS = re.compile(r"(?<!\w)([_*]+)(?=\S)(.+?)(?<=\S)\1(?!\w)", re.DOTALL)
_ROMAN_HEADING = re.compile(
    r"(?i)^\s*((?:chapter|part|book|volume|vol\.|letter|act|scene|canto|section)\s+)?"
    r"(?=[ivxlc])(c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))\b(?=\s*(?:[.:—–-]|$))",
    re.MULTILINE,
)


def spoken_text(source: str, line: Line) -> str:
    """What an engine is given for a piece of a segment; empty where there is nothing to pronounce.

    Quotation and emphasis marks go, dashes become pauses that an engine understands, Roman numerals
    in headings become figures, capitals in headings become words.
    """
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", source))
    if line.segment.kind is SegmentKind.HEADING:
        text = _spoken_heading(text)
    text = _QUOTE_MARKS.sub("", _PAIRED.sub(r"\1", text))
    text = _DASHES.sub(" — ", text)
    text = " ".join(text.replace("\x00", " ").split()).strip(" —–-")
    return text if any(map(str.isalnum, text)) else ""


def _spoken_heading(text: str) -> str:
    text = _ROMAN_HEADING.sub(lambda m: (m[1] or "") + str(roman_value(m[2])), text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line.capitalize() if line.isupper() else line for line in lines]
    return ". ".join(line.rstrip(".") for line in lines) + "."
