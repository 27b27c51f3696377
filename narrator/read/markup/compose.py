"""Blocks to chapters: their text, and what of it is heading, motto or skipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from narrator.model import Chapter, FormedSpan, Skip, Span
from narrator.read.markup.blocks import SCENE_BREAK, Block, BlockKind

_MAX_BLANK_SHARE = 0.2
"""Of all paragraphs; where more are blank, they are space between any two."""

_FORMED = (BlockKind.PARAGRAPH, BlockKind.EPIGRAPH)
_NUMBERS = ("page number", "note reference", "ruby")
"""Reasons for which many small things are skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a chapter begins."""

    at: int
    """Index of its first block."""
    title: str = ""


def chapters_of(blocks: Sequence[Block], starts: Sequence[Start]) -> tuple[Chapter, ...]:
    """The chapters that blocks make.

    Parameters
    ----------
    blocks
        All of the book's, in order.
    starts
        Where chapters begin, sorted. What stands before the first goes with it.

    Returns
    -------
    tuple of Chapter
        Without those in which nothing is spoken: what they hold is in the one before, or in the
        first that has something. Empty where nothing is spoken at all.
    """
    settled = _with_breaks(blocks)
    groups = _spoken_groups(settled, starts)
    chapters: list[Chapter] = []
    start = 0
    for title, group in groups:
        is_last = len(chapters) + 1 == len(groups)
        chapter = _chapter(len(chapters), title, start, group, is_last=is_last)
        chapters.append(chapter)
        start += len(chapter.text)
    return tuple(chapters)


def _with_breaks(blocks: Sequence[Block]) -> list[Block]:
    """Blocks whose blank ones are breaks, where blank ones are rare."""
    blanks = sum(1 for block in blocks if block.kind is BlockKind.BLANK)
    spoken = sum(1 for block in blocks if block.kind is BlockKind.PARAGRAPH)
    if blanks > _MAX_BLANK_SHARE * spoken:
        return list(blocks)  # a blank block has no text, and leaves none in the chapter
    return [
        replace(b, kind=BlockKind.BREAK, text=SCENE_BREAK) if b.kind is BlockKind.BLANK else b
        for b in blocks
    ]


def _spoken_groups(
    blocks: Sequence[Block], starts: Sequence[Start]
) -> list[tuple[str, list[Block]]]:
    """(title, blocks) of every chapter with something to speak."""
    bounds = list(starts) or [Start(at=0)]
    groups: list[tuple[str, list[Block]]] = []
    waiting: list[Block] = list(blocks[: bounds[0].at])
    for index, start in enumerate(bounds):
        end = bounds[index + 1].at if index + 1 < len(bounds) else len(blocks)
        group = _without_bare_headings(blocks[start.at : end])
        if any(block.is_spoken for block in group):
            groups.append((start.title, [*waiting, *group]))
            waiting = []
        elif groups:
            groups[-1][1].extend(group)
        else:
            waiting.extend(group)
    if waiting and any(block.is_spoken for block in waiting):
        groups.append(("", waiting))
    return groups


def _without_bare_headings(group: Sequence[Block]) -> list[Block]:
    """A chapter's blocks; its headings skipped where all below them is skipped."""
    heads = [i for i, block in enumerate(group) if block.kind is BlockKind.HEADING]
    below = [b for b in group[heads[-1] :] if b.kind is BlockKind.SKIP] if heads else []
    below = [block for block in below if not block.floats]
    if not below or any(b.is_spoken and b.kind is not BlockKind.HEADING for b in group):
        return list(group)
    reason = below[0].reason
    return [
        replace(block, kind=BlockKind.SKIP, reason=reason)
        if block.kind is BlockKind.HEADING
        else block
        for block in group
    ]


def _chapter(
    index: int, title: str, start: int, blocks: Sequence[Block], *, is_last: bool
) -> Chapter:
    headings: list[Span] = []
    skips: list[Skip] = []
    epigraphs: list[Span] = []
    forms: list[FormedSpan] = []
    pieces: list[str] = []
    at = 0
    for block in _arranged(blocks):
        span = Span(at, at + len(block.text))
        if block.kind is BlockKind.HEADING:
            headings.append(span)
        elif block.kind is BlockKind.EPIGRAPH:
            epigraphs.append(span)
        elif block.kind is BlockKind.SKIP:
            skips.append(Skip(span=span, reason=block.reason))
        if block.form is not None and block.kind in _FORMED:
            forms.append(FormedSpan(span=span, form=block.form))
        pieces.append(block.text)
        at = span.end + 2
    text = "\n\n".join(pieces) + ("\n" if is_last else "\n\n")
    return Chapter(
        index=index,
        title=title,
        text=text,
        start=start,
        headings=tuple(headings),
        skips=tuple(skips),
        epigraphs=tuple(epigraphs),
        forms=tuple(forms),
    )


def _arranged(blocks: Sequence[Block]) -> list[Block]:
    """A chapter's blocks as its text has them: what floats last, breaks only between scenes."""
    floating = [block for block in blocks if block.floats]
    found: list[Block] = []
    held: Block | None = None
    for block in blocks:
        if block.floats or not block.text:
            continue
        if block.kind is BlockKind.BREAK:
            is_open = bool(found) and found[-1].kind in (BlockKind.PARAGRAPH, BlockKind.EPIGRAPH)
            held = block if is_open else held
            continue
        if held is not None and block.kind is not BlockKind.SKIP:
            if block.kind is not BlockKind.HEADING:
                found.append(held)
            held = None
        found.append(block)
    return [*found, *_gathered(floating)]


def _gathered(floating: Sequence[Block]) -> list[Block]:
    """What floats, all numbers of pages in one block, and all of notes."""
    found: list[list[Block]] = []
    groups: dict[str, list[Block]] = {}
    for block in floating:
        group = groups.get(block.reason)
        if group is not None:
            group.append(block)
            continue
        found.append([block])
        if block.reason in _NUMBERS:
            groups[block.reason] = found[-1]
    return [replace(group[0], text=" ".join(block.text for block in group)) for group in found]
