"""Where the chapters of an EPUB begin and what they are called, as its navigation says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from narrator.read.epub.navigation import Entry
from narrator.read.markup.blocks import CHAPTER, Block, BlockKind
from narrator.read.markup.compose import Start
from narrator.read.markup.ranks import (
    MAX_PART_CHARS,
    is_part_title,
    join_titles,
    label_of,
    shown_title,
    without_marks,
)

_MAX_HEAD_BLOCKS = 3
"""Paragraphs at the top of a chapter that together may be its title."""
_MAX_TITLE_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """An entry whose place is known."""

    at: int
    title: str
    over: str = ""
    """Title of the part that it belongs to."""
    is_part: bool = False


def navigation_starts(
    blocks: Sequence[Block], entries: Sequence[Entry], title: str | None
) -> tuple[list[Block], list[Start]]:
    """Chapters as the table of contents has them.

    Parameters
    ----------
    blocks
        Of all documents, each document's first with the document's path for an anchor.
    entries
        The table of contents.
    title
        The book's: an entry that only says it is over all others is no part.

    Returns
    -------
    blocks
        With those that are chapters' titles made headings.
    starts
        Sorted; empty where no entry leads anywhere.
    """
    places = _Places(blocks)
    points = sorted(_points(entries, places, "", _key(title or "")), key=lambda point: point.at)
    speaks = _leads_to_speech(blocks)
    points = [
        replace(point, at=_heading_above(blocks, point.at)) for point in points if speaks[point.at]
    ]
    starts = list(_joined(points, places))
    marked = list(blocks)
    for index, start in enumerate(starts):
        end = starts[index + 1].at if index + 1 < len(starts) else len(blocks)
        _mark_heading(marked, start, end)
    return marked, starts


class _Places:
    """Where anchors are, and how much is spoken between two blocks."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._at: dict[str, int] = {}
        for index, block in enumerate(blocks):
            for anchor in block.anchors:
                self._at.setdefault(anchor, index)
        lengths = (len(block.text) if block.is_spoken else 0 for block in blocks)
        self._sums = [0, *accumulate(lengths)]
        self._asked: set[str] = set()

    def find(self, target: str) -> int | None:
        """Index of the block that a target leads to.

        Of several targets in one file that lead nowhere only the first is taken for the file.
        """
        if target in self._at:
            return self._at[target]
        path = target.partition("#")[0]
        if not path or path in self._asked:
            return None
        self._asked.add(path)
        return self._at.get(path)

    def spoken_between(self, start: int, end: int) -> int:
        """Spoken code points in blocks ``[start, end)``."""
        return self._sums[max(end, start)] - self._sums[start]


def _points(entries: Sequence[Entry], places: _Places, over: str, book: str) -> Iterator[_Point]:
    part = over
    has_flat_parts = any(not e.children and is_part_title(e.title) for e in entries)
    has_chapters = any(not is_part_title(e.title) for e in entries)
    for entry in entries:
        at = places.find(entry.target)
        shown = shown_title(entry.title)
        if not entry.children:
            is_part = has_flat_parts and has_chapters and is_part_title(entry.title)
            if is_part:
                part = join_titles([over, shown])
            if at is not None and shown:
                above = "" if is_part or _stands_alone(entry.title) else part
                yield _Point(at=at, title=shown, over=above or over, is_part=is_part)
            continue
        below = list(_points(entry.children, places, "", book))
        first = min((point.at for point in below), default=at or 0)
        if _key(entry.title) == book:
            yield from below
            continue
        own = places.spoken_between(at, first) if at is not None else 0
        if _holds_sections(entry):
            if at is not None:
                yield _Point(at=at, title=shown, over=over)
            continue
        is_part = is_part_title(entry.title) or own <= MAX_PART_CHARS
        if at is not None:
            yield _Point(at=at, title=shown, over=over, is_part=is_part)
        above = join_titles([over, shown]) if is_part else over
        for point in below:
            yield replace(point, over=join_titles([above, point.over]))


def _stands_alone(title: str) -> bool:
    """Whether a title beside parts belongs to none of them."""
    label = label_of(title)
    return label is not None and label.is_named and label.word not in ("interlude", "intermission")


def _holds_sections(entry: Entry) -> bool:
    """Whether what is below an entry are sections of one chapter."""
    label = label_of(entry.title)
    return label is not None and not label.is_part and not label.is_named


def _leads_to_speech(blocks: Sequence[Block]) -> list[bool]:
    """Of each block whether it, or one after it in its file, is spoken."""
    found = [False] * len(blocks)
    is_below = False
    for index in range(len(blocks) - 1, -1, -1):
        found[index] = is_below or blocks[index].is_spoken
        is_first = any("#" not in anchor for anchor in blocks[index].anchors)
        is_below = found[index] and not is_first
    return found


def _heading_above(blocks: Sequence[Block], at: int) -> int:
    """`at`, or where it is no heading, the first of those right above it in its file."""
    if blocks[at].kind is BlockKind.HEADING:
        return at
    first = at
    while (
        first > 0
        and blocks[first - 1].kind is BlockKind.HEADING
        and not any("#" not in anchor for anchor in blocks[first].anchors)
    ):
        first -= 1
    return first


def _joined(points: Sequence[_Point], places: _Places) -> Iterator[Start]:
    """A chapter for each point; a part's title page goes with its first chapter."""
    begun: int | None = None
    titles: list[str] = []
    is_open = False
    for point in points:
        whole = join_titles([point.over, point.title])
        if begun is not None:
            gap = places.spoken_between(begun, point.at)
            is_same = point.at == begun or not gap
            if not is_same and (is_open or gap > MAX_PART_CHARS):
                yield Start(at=begun, title=join_titles(titles))
                begun, titles = None, []
        if begun is None:
            begun = point.at
        if titles and whole.startswith(titles[-1]):
            titles[-1] = whole
        else:
            titles.append(whole)
        is_open = not point.is_part
    if begun is not None:
        yield Start(at=begun, title=join_titles(titles))


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _mark_heading(blocks: list[Block], start: Start, end: int) -> None:
    """Make headings of the paragraphs at the top of a chapter that say its title."""
    spoken = [i for i in range(start.at, min(end, start.at + 12)) if blocks[i].is_spoken]
    head = spoken[:_MAX_HEAD_BLOCKS]
    for index in head:
        if blocks[index].kind is BlockKind.HEADING:
            blocks[index] = replace(blocks[index], rank=CHAPTER)
            return
        if len(blocks[index].text) > _MAX_TITLE_CHARS:
            break
    wanted = _key(start.title)
    said = ""
    for count, index in enumerate(head, 1):
        block = blocks[index]
        if block.kind is not BlockKind.PARAGRAPH or len(block.text) > _MAX_TITLE_CHARS:
            return
        said += _key(shown_title(block.text))
        raw = "".join(_key(blocks[i].text) for i in head[:count])
        if said and (wanted.endswith((said, raw)) or wanted == raw):
            for taken in head[:count]:
                text = without_marks(blocks[taken].text)
                blocks[taken] = replace(
                    blocks[taken], kind=BlockKind.HEADING, text=text, rank=CHAPTER
                )
            _mark_rest(blocks, head[count:], wanted, raw)
            return


def _mark_rest(blocks: list[Block], indices: Sequence[int], wanted: str, said: str) -> None:
    """A title in the paragraph below its number."""
    for index in indices:
        block = blocks[index]
        key = _key(block.text)
        if block.kind is not BlockKind.PARAGRAPH or not key or not wanted.endswith(said + key):
            return
        blocks[index] = replace(block, kind=BlockKind.HEADING, text=without_marks(block.text))
        said += key
