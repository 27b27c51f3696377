"""Which part of a book is to be built: chapters, or a preview. The rest is skipped, and says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from narrator.errors import StoryError
from narrator.markup import REASON as MARKUP
from narrator.model import Line, Script, SegmentKind, Span, Take
from narrator.reels import take_s

NOT_SELECTED = "not selected"
"""The reason with which text outside a selection is skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """So much of the beginning."""

    seconds: float
    each_chapter: bool = False
    """Of every chapter rather than of the book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is asked for. Chapters are numbered from 1, or named by their title."""

    chapters: str = ""
    """``3-5,8``."""
    first: str = ""
    last: str = ""
    preview: Preview | None = None


def select_chapters(script: Script, selection: Selection) -> Script:
    """The script with all text outside the selected chapters skipped.

    Raises
    ------
    StoryError
        A chapter is not there, or nothing is left to speak; the message lists the chapters.
    """
    count = len(script.book.chapters)
    wanted = set(range(count))
    if selection.chapters:
        wanted &= _numbers(selection.chapters, script)
    if selection.first:
        wanted &= set(range(find_chapter(selection.first, script), count))
    if selection.last:
        wanted &= set(range(find_chapter(selection.last, script) + 1))
    return without_chapters(script, set(range(count)) - wanted, NOT_SELECTED)


def select_beginning(script: Script, takes: Sequence[Take], preview: Preview) -> Script:
    """The script with all text skipped that comes after about `preview.seconds` of sound.

    Parameters
    ----------
    takes
        Those of the script. It is cut between two of them.
    """
    ends: dict[int, int] = {}
    spent: dict[int, float] = {}
    for take in takes:
        # A preview of the book counts on over the chapters.
        account = take.chapter if preview.each_chapter else 0
        if spent.get(account, 0.0) < preview.seconds:
            ends[take.chapter] = take.span.end
        spent[account] = spent.get(account, 0.0) + take_s(take)
    lines = [part for line in script.lines for part in _cut(line, ends)]
    return replace(script, lines=tuple(lines))


_SPOKEN = (
    SegmentKind.NARRATION,
    SegmentKind.DIALOGUE,
    SegmentKind.THOUGHT,
    SegmentKind.HEADING,
)


def _cut(line: Line, ends: dict[int, int]) -> list[Line]:
    segment = line.segment
    end = ends.get(segment.chapter, 0)
    if segment.span.end <= end:
        return [line]
    if segment.span.start >= end or segment.kind is SegmentKind.SKIPPED:
        return [_skipped(line)]
    kept = replace(segment, span=Span(segment.span.start, end))
    rest = replace(segment, span=Span(end, segment.span.end), continued=False)
    return [replace(line, segment=kept), _skipped(replace(line, segment=rest))]


def without_chapters(script: Script, unwanted: set[int], reason: str) -> Script:
    """The script with these chapters skipped, by index.

    Raises
    ------
    StoryError
        Nothing is left to speak; the message lists the chapters.
    """
    if not unwanted:
        return script
    lines = tuple(
        _skipped(line, reason) if line.segment.chapter in unwanted else line
        for line in script.lines
    )
    if not any(line.segment.kind in _SPOKEN for line in lines):
        raise StoryError(f"no chapter is selected that has anything to speak; {_list(script)}")
    return replace(script, lines=lines)


def _skipped(line: Line, reason: str = NOT_SELECTED) -> Line:
    if line.segment.kind is SegmentKind.SKIPPED and line.segment.skip_reason != MARKUP:
        return line
    segment = replace(line.segment, kind=SegmentKind.SKIPPED, skip_reason=reason)
    return replace(line, segment=segment, speaker=None, confidence=1.0, reason=reason)


_RANGE = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")


def _numbers(text: str, script: Script) -> set[int]:
    found: set[int] = set()
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise StoryError(f"chapters {text!r}: give numbers like 3-5,8; {_list(script)}")
        low, high = int(match[1]), int(match[2] or match[1])
        if high < low:
            raise StoryError(
                f"chapters {text!r}: {part.strip()} runs backwards: write {high}-{low}"
            )
        if not 1 <= low <= high <= len(script.book.chapters):
            raise StoryError(f"chapters {text!r}: there is no {part.strip()}; {_list(script)}")
        found |= set(range(low - 1, high))
    return found


def find_chapter(text: str, script: Script) -> int:
    """Index of the chapter with this number, else this title, else the one title that holds it.

    Raises
    ------
    StoryError
        There is none, or there are several; the message lists the chapters.
    """
    chapters = script.book.chapters
    if text.strip().isdecimal() and 1 <= int(text) <= len(chapters):
        return int(text) - 1
    titles = [" ".join(chapter.title.casefold().split()) for chapter in chapters]
    wanted = " ".join(text.casefold().split())
    exact = [index for index, title in enumerate(titles) if title == wanted]
    found = exact or [index for index, title in enumerate(titles) if wanted and wanted in title]
    if len(found) != 1:
        problem = "no chapter" if not found else f"{len(found)} chapters"
        raise StoryError(f"{problem} {text!r}: {_list(script)}")
    return found[0]


_MOST_LISTED = 60


def _list(script: Script) -> str:
    chapters = script.book.chapters
    names = [
        f"{c.index + 1} “{c.title}”" if c.title else f"{c.index + 1}"
        for c in chapters[:_MOST_LISTED]
    ]
    more = f", … {len(chapters)}" if len(chapters) > _MOST_LISTED else ""
    return f"the chapters are {', '.join(names)}{more}"
