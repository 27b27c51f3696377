"""Headings as marked up: parts, chapters and sections, and what the chapters are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from narrator.read.headings import OUTSIDE_PARTS, Label, read_label, show_label
from narrator.read.markup.blocks import CHAPTER, PART, SECTION, Block, BlockKind
from narrator.read.markup.compose import Start
from narrator.read.titles import tidy_title

_MARKS = re.compile(r"(?<!\w)[_*]+|[_*]+(?!\w)")
_MAX_TITLES = 3
"""At one place, joined; many more entries that lead there name nothing."""
MAX_PART_CHARS = 400
"""Spoken between a part's heading and its first chapter's, for both to head one chapter."""


def label_of(text: str) -> Label | None:
    """What a heading says, its title in the rows below its number included."""
    head, _, rest = text.partition("\n")
    label = read_label(head)
    if label is not None and rest and not label.title:
        return replace(label, title=" ".join(rest.split("\n")))
    return label if not rest else read_label(" ".join(text.split("\n")))


def shown_title(text: str) -> str:
    """A heading, or an entry of a list of contents, as a player shows it."""
    label = label_of(text)
    if label is None or (label.is_bare and label.title):
        return tidy_title(" ".join(text.split("\n")))
    return show_label(label, label.title)


def without_marks(text: str) -> str:
    """A heading without the marks of italics and bold."""
    return _MARKS.sub("", text).strip()


def is_part_title(text: str) -> bool:
    """Whether a title is that of a part of a book, over its chapters."""
    label = label_of(text)
    return label is not None and label.is_part


def join_titles(titles: Sequence[str]) -> str:
    """``Part One, Chapter 3``."""
    return ", ".join(list(dict.fromkeys(filter(None, titles)))[-_MAX_TITLES:])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """A heading among the blocks."""

    at: int
    level: int
    label: Label | None
    own: int
    """Spoken code points between it and the next heading."""

    @property
    def is_labelled(self) -> bool:
        return self.label is not None and not (self.label.is_bare and bool(self.label.title))


def rank_headings(blocks: Sequence[Block]) -> list[Block]:
    """Blocks whose headings are ranked by their levels and their words."""
    heads = _heads(blocks)
    if not heads:
        return list(blocks)
    chapter_level = _chapter_level(heads)
    ranked = list(blocks)
    has_chapters = any(
        h.level == chapter_level and not (h.label is not None and h.label.is_part) for h in heads
    )
    for head in heads:
        rank = CHAPTER if head.level == chapter_level else SECTION
        if head.level < chapter_level:
            rank = PART
        label = head.label
        if label is not None and label.is_part and head.level <= chapter_level and has_chapters:
            rank = PART
        elif label is not None and label.is_named and head.level <= chapter_level:
            rank = CHAPTER
        ranked[head.at] = replace(blocks[head.at], rank=rank)
    return ranked


def _heads(blocks: Sequence[Block]) -> list[_Head]:
    found: list[_Head] = []
    own = 0
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if block.kind is BlockKind.HEADING:
            found.append(_Head(at=index, level=block.level, label=label_of(block.text), own=own))
            own = 0
        elif block.is_spoken:
            own += len(block.text)
    return found[::-1]


def _chapter_level(heads: Sequence[_Head]) -> int:
    """The level of headings that begins chapters."""
    counts = Counter(head.level for head in heads)
    labels = Counter(
        head.level
        for head in heads
        if head.is_labelled and not (head.label is not None and head.label.is_part)
    )
    by_words = [level for level in sorted(counts) if labels[level] >= max(2, 0.5 * counts[level])]
    if by_words:
        return by_words[0]
    levels = sorted(counts)
    for above, level in pairwise(levels):
        if counts[above] >= 2:
            return level if _are_parts(heads, above, level) else above
        if counts[level] >= 2:
            return level
    return levels[0]


def _are_parts(heads: Sequence[_Head], above: int, level: int) -> bool:
    """Whether headings of one level have hardly any text of their own, but several of the next."""
    tops = [(i, head) for i, head in enumerate(heads) if head.level == above]
    below = sum(1 for head in heads if head.level == level)
    open_tops = sum(
        1
        for i, head in tops
        if head.own <= MAX_PART_CHARS and i + 1 < len(heads) and heads[i + 1].level > above
    )
    return open_tops >= 0.6 * len(tops) and below >= 1.5 * len(tops)


def heading_starts(blocks: Sequence[Block]) -> list[Start]:
    """A chapter for each ranked heading, those that follow on one another taken together."""
    starts: list[Start] = []
    part = ""
    pending: list[str] = []
    begun = since = 0
    is_open = False
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.HEADING or block.rank is None:
            since += len(block.text) if block.is_spoken else 0
            continue
        if block.rank == SECTION:
            if is_open and not since and pending:
                pending[-1] = _with_subtitle(pending[-1], block.text)
            continue
        if pending and (since > MAX_PART_CHARS or is_open):
            starts.append(Start(at=begun, title=join_titles(pending)))
            pending = []
        title = shown_title(block.text)
        if not pending:
            begun = index
        if block.rank == PART:
            part = title
            pending.append(title)
            is_open = False
        else:
            pending = [part, title] if not _is_outside(block.text) else [*pending, title]
            is_open = True
        since = 0
    if pending:
        starts.append(Start(at=begun, title=join_titles(pending)))
    return starts


def _is_outside(text: str) -> bool:
    """Whether a chapter stands beside the parts, as an epilogue does."""
    label = label_of(text)
    return label is not None and label.is_named and label.word in OUTSIDE_PARTS


def _with_subtitle(title: str, text: str) -> str:
    below = tidy_title(" ".join(text.split("\n")))
    return f"{title}: {below}" if ":" not in title and below else title
