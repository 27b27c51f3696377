"""What stands before and around the story in a marked-up text, told by its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from narrator.read.contents import find_contents
from narrator.read.epigraph import epigraph_units
from narrator.read.gutenberg import note_reason, unwrap
from narrator.read.header import Header, read_header
from narrator.read.layout import Layout, Paragraph, paragraphs_of, rows_of
from narrator.read.markup.blocks import CHAPTER, Block, BlockKind
from narrator.read.markup.ranks import label_of, without_marks
from narrator.read.outline import find_headings

_MAX_BEFORE_TITLE = 500
"""Spoken before the first heading, for it to be the story's title."""
_LAYOUT = Layout()
_MARKS = "_* "


@dataclass(frozen=True, slots=True, kw_only=True)
class _Joined:
    """Some blocks as one plain text, a unit for each."""

    text: str
    units: tuple[Paragraph, ...]
    at: tuple[int, ...]
    """Index of each unit's block."""


def _join(blocks: Sequence[Block], indices: Iterable[int], *, first: str = "") -> _Joined:
    """Blocks as one text; `first` is a unit before them that is no block."""
    at = [index for index in indices if blocks[index].text.strip()]
    texts = [blocks[index].text for index in at]
    if first:
        texts, at = [first, *texts], [-1, *at]
    text = "\n\n".join(texts)
    units = tuple(paragraphs_of(text, list(rows_of(text)), _LAYOUT))
    return _Joined(text=text, units=units, at=tuple(at))


def _skipped(block: Block, reason: str) -> Block:
    return replace(block, kind=BlockKind.SKIP, reason=reason, level=0, rank=None)


_WORDS = (BlockKind.PARAGRAPH, BlockKind.EPIGRAPH, BlockKind.HEADING)


def without_licence(blocks: Sequence[Block]) -> tuple[list[Block], tuple[tuple[str, str], ...]]:
    """Blocks with Project Gutenberg's licence skipped, and what its header says."""
    if not any("PROJECT GUTENBERG" in block.text.upper() for block in blocks):
        return list(blocks), ()
    joined = _join(blocks, range(len(blocks)))
    wrapping = unwrap(joined.text)
    found = list(blocks)
    for unit, index in zip(joined.units, joined.at, strict=True):
        is_outside = unit.end <= wrapping.body.start or unit.start >= wrapping.body.end
        if is_outside and blocks[index].kind is not BlockKind.SKIP:
            found[index] = _skipped(blocks[index], "Project Gutenberg licence")
    return found, wrapping.fields


def without_title(
    blocks: Sequence[Block], known: str | None = None
) -> tuple[list[Block], str | None]:
    """Blocks with the heading that is the story's own title skipped, and that title.

    `known` is what the file says beside its text that the title is.
    """
    heads = [i for i, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    if not heads:
        return list(blocks), None
    first, others = heads[0], heads[1:]
    before = sum(len(block.text) for block in blocks[:first] if block.is_spoken)
    is_known = known is not None and _key(known) == _key(blocks[first].text)
    is_chapter = label_of(blocks[first].text) is not None
    if before > _MAX_BEFORE_TITLE or (is_chapter and not is_known):
        return list(blocks), None
    level = blocks[first].level
    peers = [i for i in others if blocks[i].level <= level]
    labelled = [i for i in peers if label_of(blocks[i].text) is not None]
    if peers and not is_known and (len(labelled) < 2 or len(labelled) < 0.5 * len(peers)):
        return list(blocks), None
    found = list(blocks)
    found[first] = _skipped(blocks[first], "title")
    return found, " ".join(blocks[first].text.split("\n"))


def with_headings(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with those paragraphs made headings, and contents skipped, that their words show."""
    at = [i for i, block in enumerate(blocks) if block.kind is BlockKind.PARAGRAPH]
    joined = _join(blocks, at)
    contents = find_contents(joined.text, joined.units)
    headings = find_headings(joined.text, joined.units, _LAYOUT, contents)
    if headings and headings[0].unit == 0 and headings[0].label.is_lone_title:
        headings = headings[1:]
    made: dict[int, list[Block]] = {}
    if contents is not None:
        for unit in range(contents.first, contents.last + 1):
            index = joined.at[unit]
            made[index] = [_skipped(blocks[index], "table of contents")]
    for heading in headings:
        head_unit = joined.units[heading.unit]
        index = joined.at[heading.unit]
        title = joined.text[heading.start : heading.end].replace("\n\n", "\n")
        head = replace(
            blocks[index],
            kind=BlockKind.HEADING,
            text=without_marks(title),
            level=0,
            rank=heading.level,
        )
        rest = joined.text[heading.end : head_unit.end].strip("\n ")
        if heading.next_unit == heading.unit and rest:
            made[index] = [head, replace(blocks[index], text=rest, anchors=())]
            continue
        made[index] = [head]
        for taken in range(heading.unit + 1, heading.next_unit):
            made[joined.at[taken]] = []
    return [new for i, block in enumerate(blocks) for new in made.get(i, [block])]


def with_header(blocks: Sequence[Block], title: str | None) -> tuple[list[Block], Header]:
    """Blocks with the lines above the story skipped that say what it is and by whom.

    Parameters
    ----------
    blocks
        Headings ranked.
    title
        The story's, where a heading said it.
    """
    first_head = next(
        (i for i, block in enumerate(blocks) if block.kind is BlockKind.HEADING), len(blocks)
    )
    front = [i for i in range(first_head) if blocks[i].kind is BlockKind.PARAGRAPH]
    below = [i for i in range(first_head, len(blocks)) if blocks[i].kind in _WORDS][:2]
    has_headings = first_head < len(blocks)
    first = f"Title: {title}" if title else ""
    joined = _join(blocks, [*front, *below], first=first)
    limit = len(joined.units) - len(below)
    header, _ = read_header(joined.text, joined.units, limit, has_headings=has_headings)
    found = list(blocks)
    for unit, index in zip(joined.units, joined.at, strict=True):
        if index < 0:
            continue
        over = [s for s in header.skips if s.span.start <= unit.start < s.span.end]
        if over:
            found[index] = _skipped(blocks[index], over[0].reason)
        elif any(span.start <= unit.start < span.end for span in header.epigraphs):
            found[index] = replace(blocks[index], kind=BlockKind.EPIGRAPH)
    return found, header


def without_notes(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with typists' notes and the places of pictures skipped."""
    found = list(blocks)
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.PARAGRAPH or block.text[0] not in _NOTE_STARTS:
            continue
        unit = next(paragraphs_of(block.text, list(rows_of(block.text)), _LAYOUT), None)
        reason = note_reason(block.text, unit) if unit is not None else None
        if reason is not None:
            found[index] = _skipped(block, reason)
    return found


_NOTE_STARTS = "[{(*_ TtPpEeHhSs"
"""What a typist's note or a picture's place can begin with: few paragraphs are looked at."""


def with_mottoes(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with the mottoes below chapters' headings known for what they are."""
    found = list(blocks)
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.HEADING or block.rank != CHAPTER:
            continue
        below = []
        for other in range(index + 1, min(index + 7, len(blocks))):
            if blocks[other].kind is not BlockKind.PARAGRAPH:
                break
            below.append(other)
        joined = _join(blocks, below)
        count = epigraph_units(joined.text, joined.units, 0, len(joined.units), is_front=False)
        for other in joined.at[:count]:
            found[other] = replace(blocks[other], kind=BlockKind.EPIGRAPH)
    return found


_BY = re.compile(r"(?:written\s+)?by:?\s+(?P<name>\S.*)", re.IGNORECASE | re.DOTALL)


def title_reason(text: str, title: str | None, author: str | None) -> str | None:
    """Why a block of front matter is not spoken: it only says what the book is, or by whom."""
    key = _key(text)
    by = _BY.fullmatch(text.strip(_MARKS))
    if title and key == _key(title):
        return "title"
    names = [key, _key(by["name"])] if by else [key]
    if author and _key(author) in names:
        return "author"
    return None


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
