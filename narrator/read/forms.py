"""Verse, letters and block quotes in a chapter's text, by how they are set and how they begin."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from narrator.model import Book, Chapter, Form, FormedSpan, Span
from narrator.read.layout import Row, rows_of

_MIN_VERSE_ROWS = 2
_MAX_VERSE_CHARS = 66
"""Of a row of verse."""
_SHORT_OF_FULL = 0.75
_MAX_GREETING_CHARS = 60
_MAX_CLOSING_CHARS = 160
_MAX_LETTER_BLOCKS = 60
_GREETING = re.compile(
    r"[\"“‘'_\[(]*(?:my\s+)?(?:own\s+)?(?:very\s+)?"
    r"(?:dear(?:est)?|beloved|honou?red|to whom it may)"
    r"\b[^.?!\n]{0,48}"
    r"(?:[,:;!]?\s*(?:--+|[-–—])|[,:])[\"”’'_\])]*",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:\b(?:yours|your)\b[^.?!]{0,60}\b(?:truly|faithfully|sincerely|affectionate(?:ly)?|ever|"
    r"respectfully|obedient(?:ly)?|servant|friend|loving|etc)\b|\b(?:ever|always)\s+yours\b|"
    r"\byours,|\b(?:with (?:all my )?love|sincerely|affectionately|kind regards|best wishes),)",
    re.IGNORECASE,
)
_STOPS = ".!?…"


def with_forms(book: Book) -> Book:
    """The book with those verses and letters marked that only its words and rows show."""
    return replace(book, chapters=tuple(_marked(chapter) for chapter in book.chapters))


def _marked(chapter: Chapter) -> Chapter:
    blocks = list(_blocks(chapter.text))
    quotes = [formed.span for formed in chapter.forms if formed.form is Form.QUOTE]
    known = sorted(
        [
            *chapter.headings,
            *(skip.span for skip in chapter.skips),
            *chapter.epigraphs,
            *(formed.span for formed in chapter.forms),
        ]
    )
    free = [block for block in blocks if not _lies_in(_span(block), known)]
    letters = list(_letters(chapter.text, [b for b in blocks if _lies_in(_span(b), quotes)]))
    letters = sorted([*letters, *_letters(chapter.text, free)])
    found = [f for f in chapter.forms if f.form is not Form.QUOTE or not _lies_in(f.span, letters)]
    found += _epigraphs(chapter)
    found += [FormedSpan(span=span, form=Form.LETTER) for span in letters]
    width = _full_width(blocks)
    found += [
        FormedSpan(span=_span(block), form=Form.VERSE)
        for block in free
        if _is_verse(chapter.text, block, width) and not _lies_in(_span(block), letters)
    ]
    if not found:
        return chapter
    return replace(chapter, forms=tuple(sorted(found, key=lambda formed: formed.span)))


def _epigraphs(chapter: Chapter) -> Iterator[FormedSpan]:
    known = {formed.span for formed in chapter.forms}
    return (
        FormedSpan(span=span, form=Form.EPIGRAPH) for span in chapter.epigraphs if span not in known
    )


def _blocks(text: str) -> Iterator[list[Row]]:
    """Rows that no blank one parts."""
    held: list[Row] = []
    for row in rows_of(text):
        if held and row.blanks:
            yield held
            held = []
        held.append(row)
    if held:
        yield held


def _span(block: Sequence[Row]) -> Span:
    return Span(block[0].start, block[-1].end)


def _lies_in(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span begins in one of `others`, which are sorted and do not overlap."""
    at = bisect_right(others, Span(span.start, 1 << 62)) - 1
    return at >= 0 and others[at].start <= span.start < others[at].end


def _full_width(blocks: Sequence[Sequence[Row]]) -> int:
    """Characters of a full row; 0 where rows are paragraphs."""
    widths = sorted(row.end - row.start for block in blocks for row in block[:-1])
    return widths[int(0.9 * (len(widths) - 1))] if widths else 0


def _is_verse(text: str, block: Sequence[Row], width: int) -> bool:
    """Whether rows end where their maker ended them: short, each with a capital or set in."""
    if len(block) < _MIN_VERSE_ROWS or any(r.end - r.start > _MAX_VERSE_CHARS for r in block):
        return False
    heads = [text[row.start : row.start + 4].lstrip("\"“‘'_*(—–-") for row in block]
    capitals = sum(1 for head in heads if head[:1].isupper())
    is_set_in = all(row.indent >= 2 for row in block)
    is_short = all(row.end - row.start < _SHORT_OF_FULL * width for row in block)
    is_running_on = any(text[row.end - 1] not in _STOPS for row in block[:-1])
    if capitals < len(block) or not is_running_on:
        return False
    return len(block) > 2 and (is_set_in or is_short)


def _letters(text: str, blocks: Sequence[Sequence[Row]]) -> Iterator[Span]:
    """From a greeting that is a row of its own to the writer's name."""
    at = 0
    while at < len(blocks):
        if not _greets(text, blocks[at]):
            at += 1
            continue
        end = next(
            (
                index
                for index in range(at, min(at + _MAX_LETTER_BLOCKS, len(blocks)))
                if _closes(text, blocks[index])
            ),
            None,
        )
        if end is None:
            at += 1
            continue
        following = end + 1
        if following < len(blocks) and _is_name(text, blocks[following]):
            end = following
        yield Span(blocks[at][0].start, blocks[end][-1].end)
        at = end + 1


def _greets(text: str, block: Sequence[Row]) -> bool:
    first = block[0]
    row = text[first.start : first.end]
    return len(row) <= _MAX_GREETING_CHARS and _GREETING.fullmatch(row) is not None


def _closes(text: str, block: Sequence[Row]) -> bool:
    last = text[max(block[0].start, block[-1].end - _MAX_CLOSING_CHARS) : block[-1].end]
    return _CLOSING.search(last) is not None


def _is_name(text: str, block: Sequence[Row]) -> bool:
    """Whether a block is no more than a name, as at the foot of a letter."""
    words = " ".join(text[row.start : row.end] for row in block).strip("_*\"“”'’. ").split()
    return len(block) <= 2 and 0 < len(words) <= 5 and all(word[:1].isupper() for word in words)
