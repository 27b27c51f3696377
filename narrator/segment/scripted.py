"""Rows that name who speaks before a colon, as in a play, a transcript or a chat: ``Ann: Where?``

Forms and lists have such rows too. Of speech are several in a row, of at least two people, one of
whom comes again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from narrator.read.layout import Paragraph
from narrator.segment.quotes import Stretch

__all__ = ["named_turns", "parted_by_names"]

_NAME = re.compile(
    r"(?P<mark>[*_]{0,3})"  # of bold or italics, before or behind the colon
    r"(?P<name>[^\W\d_](?:[^\W_]|[.'’-])*(?: [^\W_](?:[^\W_]|[.'’-])*){0,2})"
    r"(?::(?P=mark)|(?P=mark):)[ \t]+(?=\S)"
)
_LEAST_ROWS = 3


def parted_by_names(text: str, paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Paragraphs; one of which every row names its speaker becomes as many as it has rows."""
    for paragraph in paragraphs:
        rows = paragraph.rows
        if len(rows) > 1 and all(_words_after(text, row.start, row.end) for row in rows):
            yield Paragraph(rows=rows[:1], is_soft=paragraph.is_soft)
            yield from (Paragraph(rows=(row,), is_soft=True) for row in rows[1:])
        else:
            yield paragraph


def named_turns(text: str, stretches: Sequence[Stretch]) -> Iterator[tuple[int, int]]:
    """The paragraphs that are such rows, by their place among `stretches`, and where their words
    begin after the name."""
    run: list[tuple[int, int]] = []
    for index, stretch in enumerate(stretches):
        begin = _words_after(text, stretch.start, stretch.end)
        if begin:
            run.append((index, begin))
        if not begin or index == len(stretches) - 1:
            names = {text[stretches[k].start : at].split(":")[0].strip("*_") for k, at in run}
            if len(run) >= _LEAST_ROWS and 1 < len(names) < len(run):
                yield from run
            run = []


def _words_after(text: str, start: int, end: int) -> int:
    """Where the words begin that a name and a colon stand before; 0 where they do not."""
    match = _NAME.match(text, start, end)
    return match.end() if match is not None and match["name"][0].isupper() else 0
